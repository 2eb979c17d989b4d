"""Arrays in, frozen result out. NumPy and SciPy only; no frames, no NaN passed over in silence."""

import scipy.linalg  # noqa: F401  its library of linear algebra is one to be limited too
from threadpoolctl import threadpool_limits

# The matrices are small and the sessions many: threads of one wait for each other, and spin meanwhile
# (an answer took eight times the processor time beside a second one).
threadpool_limits(limits=1, user_api="blas")
