import unittest
from pathlib import Path


class HelloFile(unittest.TestCase):
    def test_file_exists(self):
        self.assertTrue(Path("/app/hello.txt").exists(), "the file is missing")

    def test_content(self):
        self.assertEqual(Path("/app/hello.txt").read_text().strip(), "Hello, world!")


if __name__ == "__main__":
    unittest.main()
