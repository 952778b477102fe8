"""Serves a real ZenML on a free port of this machine until standard input ends.

    python server.py DIRECTORY

DIRECTORY takes the database and is removed at the end. The port is written to
standard output as soon as it is known; /ready tells when the server is.
"""

import os
import shutil
import socket
import sys
import threading


def end_with_parent(directory):
    """A test binary that was killed closes its end of the pipe, too."""
    sys.stdin.read()
    shutil.rmtree(directory, ignore_errors=True)
    os._exit(0)


def main():
    directory = sys.argv[1]
    try:
        import ipinfo, itsdangerous, jwt, multipart, secure, tldextract, uvicorn  # noqa: E401, F401
    except ImportError as missing:
        print(f"missing {missing.name}", flush=True)
        return
    threading.Thread(target=end_with_parent, args=(directory,), daemon=True).start()
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)
    from zenml.zen_server.zen_server_api import app

    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listener])


if __name__ == "__main__":
    main()
