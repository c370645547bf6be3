# Tests: see `make help`.
