"""Damages the transcript of an episode: damage_episode STORE NUMBER."""

import sqlite3
import sys

with sqlite3.connect(sys.argv[1]) as store:
    store.execute("UPDATE episode SET segments = 'damaged' WHERE id = ?", sys.argv[2:3])
