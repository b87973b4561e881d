"""What was measured, for the user: ratios within the run, as bare times mean little elsewhere."""

from typing import Any


def report(found: dict[str, Any]) -> str:
    """Return the figures of `bench` as lines to print."""
    ratios, growth, analyze = found["ratios"], found["growth"], found["analyze"]
    lines = [
        f"{found['device']}, {found['cores']} cores, model {found['model']}, "
        f"frames of {found['frame']}",
        "",
        f"features of a frame    {ratios['features_vs_eager']:.2f} of eager PyTorch's time",
        *(
            f"  {name:<20} {took / found['eager_ms']:.2f}"
            for name, took in found["features_ms"].items()
        ),
        f"one step               {ratios['step_vs_features']:.2f} of the features alone "
        f"(99th percentile {found['step_ms']['p99'] / found['step_ms']['p50']:.2f} of the median)",
        f"the usual scripts      {ratios['peer_vs_step']:.1f} times our step",
        f"a window of {found['peer_window_ms']['frames']} frames "
        f"  {ratios['window_vs_step']:.1f} times our step",
        f"the floor              our step takes {ratios['step_vs_floor']:.2f} of what direct "
        "convolution needs at this machine's own rates",
    ]
    if "CUDA" in found["device"]:
        step = found["step_ms"]
        lines.append(f"                       {step['p50']:.3f} ms, {step['p99']:.3f} at the 99th")
    first = growth["10"]["ms"]
    lines += [
        "",
        "steps of one stream    "
        + ", ".join(
            f"after {int(point):,}: {at['ms'] / first:.2f} of the first, {at['rss_mb']:.0f} MB"
            for point, at in growth.items()
        ),
        f"analysis of a file     {analyze['times_real_time']:.1f} times real time; "
        f"{analyze['frames_per_s'] / analyze['decode_per_s']:.2f} of what decoding alone gives",
        *(
            f"the window, {name:<17} {at['steps_per_s']:.1f} of {at['wanted_per_s']:g} steps/s, "
            f"of up to {at['limit_per_s']:g} ({at['at_best_per_s']:.0f} at best), "
            f"{at['repaints_per_s']:.0f} repaints/s, {at['peak_rss_mb']:.0f} MB"
            for name, at in found["live"].items()
        ),
        f"peak memory            {found['peak_rss_mb']:.0f} MB, with every engine loaded",
        f"start to prediction    {found['start_up']['first_prediction_s']:.1f} s",
        "training               "
        + ", ".join(
            f"{clips} clips: second epoch {at['second_epoch_s'] / at['first_epoch_s']:.1%} "
            "of the first"
            for clips, at in found["training"].items()
        ),
    ]
    return "\n".join(lines)
