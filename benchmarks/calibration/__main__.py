"""python -m benchmarks.calibration"""

from benchmarks.calibration.study import main

if __name__ == "__main__":
    main()
