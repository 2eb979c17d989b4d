"""python -m benchmarks.mutation"""

from benchmarks.mutation.study import main

if __name__ == "__main__":
    main()
