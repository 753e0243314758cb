"""Trains or scores one request: torchrun --nproc-per-node N train.py REQUEST (README.md describes the files)."""

import sys

from subterfuge_torch.run import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
