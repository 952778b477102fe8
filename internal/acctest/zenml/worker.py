"""Runs ZenML for the tests in Go, each request in a process of its own.

Importing ZenML takes seconds, so this process does it once and forks for every
request. The fork has its own working directory, environment and output, and
ends as any Python program does, so that no request sees what another one left
in memory. ZenML's modules are loaded before a request's environment is set;
MLflow's and those of the clouds are loaded after it.

Reads requests from standard input, one JSON object a line, and answers each on
standard output with {"code": <exit code, negative for a signal>}. Ends with its
standard input.
"""

import ipaddress
import json
import os
import runpy
import signal
import socket
import sys


def refuse_other_hosts(event, arguments):
    """Keeps tests off the network: what is not this machine, nor a container that
    the request names, is unreachable."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else "localhost"
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost", "0.0.0.0", "::", socket.gethostname()):
        return
    if host in os.environ.get("MLSTACKS_TEST_CONTAINERS", "").split(","):
        return
    try:
        if ipaddress.ip_address(host).is_loopback:
            return
    except ValueError:
        pass  # a name
    print(f"refused: {event} {host}", file=sys.stderr)
    raise ConnectionRefusedError(f"tests reach no other host than this one, not {host}")


def serve(request):
    """Does what is asked, in the fork. Leaves by SystemExit or another error."""
    signal.alarm(request["seconds"])  # in case nobody is left to end it
    for target in (1, 2):
        os.dup2(os.open(request["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644), target)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)  # a question is an error, not a hang
    sys.stdin = open(0, closefd=False)
    os.chdir(request["directory"])
    os.environ.update(request["environment"])
    sys.argv = [request["program"], *request["arguments"]]
    if request["program"] == "zenml":
        import zenml_cli

        zenml_cli.cli()
        return
    sys.path[0] = os.path.dirname(request["program"])
    runpy.run_path(request["program"], run_name="__main__")


def main():
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever prints, prints into the log
    sys.addaudithook(refuse_other_hosts)
    import zenml.zen_stores.sql_zen_store  # noqa: F401 - ZenML itself loads it late
    import zenml_cli  # noqa: F401

    # Not "for line in sys.stdin": a fork must not inherit lines read ahead.
    while line := sys.stdin.readline():
        child = os.fork()
        if child == 0:
            answers.close()
            return serve(json.loads(line))
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), file=answers, flush=True)


if __name__ == "__main__":
    main()
