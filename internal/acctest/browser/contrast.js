// Every visible text with the contrast between its color and what is behind it.
(() => {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

  // rgba reads a color of any notation.
  const rgba = (color) => {
    if (!color || color === "none") return [0, 0, 0, 0];
    probe.clearRect(0, 0, 1, 1);
    probe.fillStyle = color;
    probe.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = probe.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (light + 0.05) / (dark + 0.05);
  };
  const inDrawing = (element) => element instanceof SVGElement && !(element instanceof SVGSVGElement);
  const paint = (element) => rgba(inDrawing(element) ? getComputedStyle(element).fill : getComputedStyle(element).backgroundColor);

  // canvas is what a page without a background stands on, in its color scheme.
  const sheet = document.createElement("div");
  sheet.style.backgroundColor = "Canvas";
  document.body.append(sheet);
  const canvas = paint(sheet);
  sheet.remove();

  // behind is what a text stands on: what is at its middle, from the top down to the first thing that hides the rest.
  const behind = (element, x, y) => {
    const layers = [];
    for (const at of document.elementsFromPoint(x, y)) {
      if (at === element && inDrawing(at)) continue;
      if (at instanceof SVGTextElement || at instanceof SVGPathElement) continue;
      layers.push(paint(at));
      if (layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), canvas);
  };

  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.data.trim();
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = [...range.getClientRects()].find((r) => r.width > 0 && r.height > 0);
    if (!text || !box || box.right <= 0) continue;
    const element = node.parentElement;
    const style = getComputedStyle(element);
    const back = behind(element, box.left + box.width / 2, box.top + box.height / 2);
    const front = over(rgba(inDrawing(element) ? style.fill : style.color), back);
    const size = parseFloat(style.fontSize);
    found.push({
      text, ratio: ratio(front, back), large: size >= 24 || (size >= 18.66 && parseInt(style.fontWeight) >= 700),
      colors: `${front.map(Math.round)} on ${back.map(Math.round)}`,
    });
  }
  return found;
})()
