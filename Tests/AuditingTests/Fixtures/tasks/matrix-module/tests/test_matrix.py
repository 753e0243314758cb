import sys
import unittest

sys.path.append("/app")

import matrix


class Matrix(unittest.TestCase):
    def test_multiply(self):
        self.assertEqual(matrix.multiply([[1, 2], [3, 4]], [[5], [6]]), [[17], [39]])

    def test_transpose(self):
        self.assertEqual(matrix.transpose([[1, 2, 3]]), [[1], [2], [3]])

    def test_sizes(self):
        self.assertRaises(ValueError, matrix.multiply, [[1, 2]], [[1, 2]])


if __name__ == "__main__":
    unittest.main()
