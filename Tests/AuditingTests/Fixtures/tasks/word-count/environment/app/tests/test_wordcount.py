import unittest

from wordcount import count_words


class WordCount(unittest.TestCase):
    def test_one(self):
        self.assertEqual(count_words("a"), {"a": 1})

    def test_case(self):
        self.assertEqual(count_words("Tea tea TEA"), {"tea": 3})

    def test_marks(self):
        self.assertEqual(count_words("yes, no; yes."), {"yes": 2, "no": 1})

    def test_empty(self):
        self.assertEqual(count_words(""), {})
