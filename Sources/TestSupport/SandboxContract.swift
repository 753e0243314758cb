// The contract suites.
