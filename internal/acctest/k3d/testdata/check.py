"""Uses every service from a pod; what fails raises."""
import base64, json, urllib.request
import boto3, psycopg2, pymysql

PASSWORD = 'it\'s "quoted" \\ and spaced'


def call(url, body=None, **headers):
    data = None if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json", **headers})
    with urllib.request.urlopen(request, timeout=30) as response:
        return response.read().decode(), response.headers


s3 = boto3.client("s3", endpoint_url="http://minio:9000", aws_access_key_id="minio",
                  aws_secret_access_key="minio-secret", region_name="us-east-1")
s3.create_bucket(Bucket="artifacts")
s3.put_object(Bucket="artifacts", Key="object", Body=b"content")
assert s3.get_object(Bucket="artifacts", Key="object")["Body"].read() == b"content"

admin = {"Authorization": "Basic " + base64.b64encode(b"admin:chosen for tests").decode()}
api = "http://mlflow:5000/api/2.0/mlflow/"
try:
    call(api + "experiments/get?experiment_id=0")
    raise SystemExit("MLflow asks for no password")
except urllib.error.HTTPError as error:
    assert error.code == 401, error
run = json.loads(call(api + "runs/create", {"experiment_id": "0"}, **admin)[0])["run"]["info"]
call(api + "runs/log-metric", {"run_id": run["run_id"], "key": "loss", "value": 0.5, "timestamp": 0}, **admin)
artifact = f"0/{run['run_id']}/artifacts/note.txt"
request = urllib.request.Request(f"http://mlflow:5000/api/2.0/mlflow-artifacts/artifacts/{artifact}", b"note", admin, method="PUT")
urllib.request.urlopen(request, timeout=30).read()
assert s3.get_object(Bucket="artifacts", Key=artifact)["Body"].read() == b"note"

with psycopg2.connect(host="postgres", user="mlflow", password=PASSWORD, dbname="runs-of-mlflow") as connection:
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM metrics WHERE run_uuid = %s", (run["run_id"],))
        assert cursor.fetchall() == [(0.5,)]
with pymysql.connect(host="mysql", user="user", password=PASSWORD, database="my_data") as connection:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE t (x INT)")
        cursor.execute("INSERT INTO t VALUES (1)")
pymysql.connect(host="mysql", user="root", password="root's").close()

assert "prometheus_build_info" in call("http://prometheus:9090/metrics")[0]
body, headers = call("http://model:8080/invocations", {"inputs": [[1, 2], [3, 4]]})
assert json.loads(body) == {"predictions": [3, 7]}, body
assert headers["X-Model-Version"] == "v1"
assert json.loads(call("http://registry:5000/v2/hello/tags/list")[0])["tags"] == ["1"]
