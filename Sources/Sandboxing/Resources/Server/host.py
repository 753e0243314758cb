# Hosts the episode server inside a Python interpreter that has the usual modules loaded already.
#
# `box_serve` (serve.c) clones a box for each request. For a Python program it returns 1 in the locked-down process inside
# the box, which is a copy of this interpreter, so the program starts without loading anything. Nothing from an episode
# ever runs outside a box. The random module is not loaded here: every copy would share its state.
import atexit
import ctypes
import os
import sys
import threading

import argparse, collections, contextlib, dataclasses, functools, importlib.util, io, itertools, json, math  # noqa: E401, F401
import operator, pathlib, re, shutil, string, subprocess, textwrap, traceback, types, typing, unittest.main  # noqa: E401, F401


def say_ready():
    """Tells the other end which names in an episode's files would shadow a loaded module."""
    names = {name.partition(".")[0] for name in sys.modules} - set(sys.builtin_module_names)
    text = "\n".join(sorted(names)).encode()
    os.write(1, len(text).to_bytes(4, sys.byteorder) + text)


def run_program(program, arguments):
    """Runs a program as `python3 -c` would, in `__main__`, and ends the process."""
    ctypes.pythonapi.PyOS_AfterFork_Child()
    sys.argv = ["-c", *map(os.fsdecode, arguments)]
    sys.path[0] = ""
    main = vars(sys.modules["__main__"])
    run, flush, leave = ctypes.pythonapi.PyRun_SimpleStringFlags, (sys.stdout.flush, sys.stderr.flush), os._exit
    at_end = (threading._shutdown, atexit._run_exitfuncs)
    for name in [name for name in main if name not in ("__name__", "__doc__", "__package__", "__builtins__")]:
        del main[name]
    main.update(__loader__=None, __spec__=None)
    status = run(program, None)
    for step in at_end + flush:
        try:
            step()
        except BaseException:
            status = 120
    leave(1 if status == -1 else status)


def serve():
    server = ctypes.PyDLL("/server/libserver.so")
    server.box_arguments.restype = ctypes.POINTER(ctypes.c_char_p)
    say_ready()
    if server.box_serve() == 1:
        arguments = server.box_arguments()
        count = next(index for index in itertools.count() if arguments[index] is None)
        run_program(arguments[0], arguments[1:count])


serve()
