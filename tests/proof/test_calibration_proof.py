"""The small form of the proof of calibration; `make proof` simulates 400 rounds."""

from bench.proofs.calibration import simulate


def test_calibration_takes_away_what_n_over_r_leaves():
    figures = {(figure.group.split(",")[0], figure.name): figure.value for figure in simulate(25)}
    assert figures["N/r", "bias, points"] > 0.7
    assert figures["calibrated", "bias, points"] <= 0.05
    assert figures["calibrated", "root mean square error, points"] < 0.3
    assert figures["calibrated", "greatest weight through N/r"] <= 3
