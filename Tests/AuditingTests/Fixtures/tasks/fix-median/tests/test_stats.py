import sys
import unittest

sys.path.insert(0, "/app")

from stats import mean, median


class Median(unittest.TestCase):
    def test_odd(self):
        self.assertEqual(median([3, 1, 2]), 2)

    def test_even(self):
        self.assertEqual(median([4, 1, 3, 2]), 2.5)

    def test_empty(self):
        with self.assertRaises(ValueError):
            median([])

    def test_mean_is_unchanged(self):
        self.assertAlmostEqual(mean([1, 2, 4]), 7 / 3)


if __name__ == "__main__":
    unittest.main()
