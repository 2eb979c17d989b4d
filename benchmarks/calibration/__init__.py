"""The calibration study: the delivered analysis, run over imaginary data whose truth is known."""
