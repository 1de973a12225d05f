"""Alpha and foreground against a slow reference and a known truth; the edge of the renderer."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from drawing import render
from scipy import sparse
from scipy.sparse.linalg import spsolve

from catchlight.analysis.scene import Scene
from catchlight.look import Look
from catchlight.pixels import blend, colour, filters, matting
from catchlight.pixels.colour_lines import ColourLines, from_phases, to_phases

SIDE = 128


def texture(seed: int, low: tuple[float, ...], high: tuple[float, ...], sigma: float) -> np.ndarray:
    """A smooth random texture between two colours (SIDE, SIDE, 3), 0..1."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.random((SIDE, SIDE)).astype(np.float32), (0, 0), sigma)
    noise = (noise - noise.min()) / (noise.max() - noise.min())
    return (np.array(low) + noise[..., None] * (np.array(high) - np.array(low))).astype(np.float32)


def soft_disc(width: float) -> np.ndarray:
    y, x = np.mgrid[0:SIDE, 0:SIDE] - (SIDE - 1) / 2
    return filters.smoothstep(np.hypot(x, y), 38 + width, 38 - width)


def hairy_disc() -> np.ndarray:
    """A disc with a hundred strands, 0.5 to 1 pixel thick, drawn at 8 times the size."""
    rng = np.random.default_rng(4)
    k = 8
    big = np.zeros((SIDE * k, SIDE * k), np.uint8)
    middle = SIDE * k / 2
    cv2.circle(big, (int(middle), int(middle)), 32 * k, 255, -1)
    for a in rng.uniform(0, 2 * np.pi, 100):
        bend, length = rng.normal(0, 0.25), rng.uniform(8, 18) * k
        t = np.linspace(0, 1, 12)
        r = 31 * k + t * length
        angle = a + bend * t**2
        points = np.stack([middle + r * np.cos(angle), middle + r * np.sin(angle)], 1)
        cv2.polylines(big, [points.astype(np.int32)], False, 255, int(rng.integers(4, 9)))
    return cv2.resize(big, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / 255


ALPHAS = {"soft": soft_disc(7.0), "hard": soft_disc(1.2), "hair": hairy_disc()}
GROUNDS = {
    "plain wall": texture(1, (0.70, 0.72, 0.75), (0.78, 0.80, 0.83), 20),
    "foliage": texture(2, (0.15, 0.30, 0.10), (0.55, 0.75, 0.35), 4),
}
PERSON = texture(3, (0.16, 0.09, 0.06), (0.34, 0.20, 0.13), 6)


def compose(alpha: np.ndarray, ground: np.ndarray) -> np.ndarray:
    return blend.composite(PERSON, ground, alpha).astype(np.float32)


def bands(alpha: np.ndarray, width: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Sure foreground and background: where alpha is 1 or 0 and stays so for ``width`` pixels."""
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * width + 1, 2 * width + 1))
    inside = cv2.erode((alpha > 0.99).astype(np.float32), kernel)
    outside = cv2.erode((alpha < 0.01).astype(np.float32), kernel)
    return inside, outside


def blunt(alpha: np.ndarray) -> np.ndarray:
    """What a segmentation would say: the truth without its strands."""
    return np.clip(cv2.GaussianBlur(alpha, (0, 0), 3.0), 0, 1)


@pytest.fixture(scope="module", params=[(a, g) for a in ALPHAS for g in GROUNDS], ids="-".join)
def case(request: pytest.FixtureRequest) -> tuple[str, np.ndarray, np.ndarray, np.ndarray]:
    name, ground = request.param
    return name, ALPHAS[name], compose(ALPHAS[name], GROUNDS[ground]), GROUNDS[ground]


def levin(image: np.ndarray, eps: float) -> sparse.csr_matrix:
    """The matting Laplacian with 3 x 3 windows, entry by entry (Levin et al. 2008, equation 12)."""
    h, w = image.shape[:2]
    at = np.arange(h * w).reshape(h, w)
    near = np.stack(
        [at[dy : h - 2 + dy, dx : w - 2 + dx].ravel() for dy in range(3) for dx in range(3)], 1
    )
    c = image.reshape(-1, 3).astype(np.float64)[near]
    d = c - c.mean(axis=1, keepdims=True)
    cov = np.einsum("nki,nkj->nij", d, d) / 9 + eps * np.eye(3)
    affinity = (1 + np.einsum("nki,nij,nlj->nkl", d, np.linalg.inv(cov), d)) / 9
    values = (np.eye(9) - affinity).ravel()
    rows, columns = np.repeat(near, 9, axis=1).ravel(), np.tile(near, (1, 9)).ravel()
    return sparse.csr_matrix((values, (rows, columns)), shape=(h * w, h * w))


def reference(image: np.ndarray, inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """Closed-form matting, its equations solved directly, as pymatting's estimate_alpha_cf does."""
    known = (np.maximum(inside, outside) > 0.5).ravel().astype(np.float64) * 100
    system = levin(image, 1e-5 / 9) + sparse.diags(known)
    solved = spsolve(system.tocsc(), known * (inside > 0.5).ravel())
    return np.clip(solved.reshape(inside.shape), 0, 1)


def test_alpha_is_nearly_as_good_as_the_slow_reference(
    case: tuple[str, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    """Sum of absolute differences at most twice the reference's, plus 0.03 for a band pixel."""
    name, truth, image, _ = case
    inside, outside = bands(truth)
    fast = matting.estimate_alpha(image, inside, outside, blunt(truth))
    slow = reference(image, inside, outside)
    band = (inside < 0.5) & (outside < 0.5)
    ours, theirs = np.abs(fast - truth)[band].sum(), np.abs(slow - truth)[band].sum()
    start = np.abs(blunt(truth) - truth)[band].sum()
    assert ours <= 2 * theirs + 0.03 * band.sum(), (
        f"SAD {ours:.0f}, reference {theirs:.0f}, segmentation {start:.0f} over {band.sum()} pixels"
    )
    if name != "soft":  # of a soft edge the blurred segmentation already is nearly the truth
        assert ours < 0.6 * start, f"SAD {ours:.0f} of the segmentation's {start:.0f}"


def test_what_is_certain_stays_certain(
    case: tuple[str, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    _, truth, image, _ = case
    inside, outside = bands(truth)
    alpha = matting.estimate_alpha(image, inside, outside, blunt(truth))
    assert (alpha[inside > 0.5] == 1).all()
    assert (alpha[outside > 0.5] == 0).all()
    assert alpha.dtype == np.float32
    assert alpha.min() >= 0
    assert alpha.max() <= 1


# --- the Laplacian --------------------------------------------------------------------------------


IMAGE = np.ascontiguousarray(compose(ALPHAS["hair"], GROUNDS["foliage"])[30:46, 20:38])
EPS = 1e-4


def dense(lines: ColourLines, *, cells: bool) -> np.ndarray:
    h, w = IMAGE.shape[:2]
    columns = []
    for i in range(h * w):
        unit = np.zeros((h, w), np.float32)
        unit.flat[i] = 1
        there = lines.laplacian(to_phases(unit) if cells else unit[None])
        columns.append((from_phases(there) if cells else there[0]).ravel())
    return np.stack(columns, 1).astype(np.float64)


@pytest.fixture(scope="module", params=[True, False], ids=["every second pixel", "every pixel"])
def laplacian(request: pytest.FixtureRequest) -> tuple[bool, np.ndarray]:
    lines = ColourLines(IMAGE, 1, EPS, cells=request.param)
    return request.param, dense(lines, cells=request.param)


def test_the_laplacian_is_symmetric_semidefinite_and_kills_constants(
    laplacian: tuple[bool, np.ndarray],
) -> None:
    _, matrix = laplacian
    size = np.abs(matrix).max()
    assert np.abs(matrix - matrix.T).max() < 1e-4 * size
    assert np.linalg.eigvalsh((matrix + matrix.T) / 2)[0] > -1e-4 * size
    assert np.abs(matrix.sum(1)).max() < 1e-4


def test_the_laplacian_kills_what_is_linear_in_colour(laplacian: tuple[bool, np.ndarray]) -> None:
    """Alpha = a . I + b costs nothing but the regulariser: the assumption of the method."""
    linear = (IMAGE @ np.array([0.7, -0.2, 0.4], np.float32) + 0.1).ravel()
    other = np.random.default_rng(0).random(linear.shape)
    other *= linear.std() / other.std()
    _, matrix = laplacian
    assert linear @ matrix @ linear < 0.05 * (other @ matrix @ other)


def test_the_laplacian_is_levins(laplacian: tuple[bool, np.ndarray]) -> None:
    """Equation 12 of He 2010, window by window and entry by entry."""
    cells, fast = laplacian
    h, w = IMAGE.shape[:2]
    at = np.arange(h * w).reshape(h, w)
    step, reach = (2, 2) if cells else (1, 1)
    slow = np.zeros((h * w, h * w))
    for y in range(0, h, step):
        for x in range(0, w, step):
            # The cell of two by two with the cells around it, or the pixel with the pixels.
            rows = slice(max(0, y - reach), y + step + reach)
            near = at[rows, max(0, x - reach) : x + step + reach].ravel()
            c = IMAGE.reshape(-1, 3)[near].astype(np.float64)
            d = c - c.mean(0)
            cov = d.T @ d / len(near) + EPS * np.eye(3)
            affinity = (1 + d @ np.linalg.inv(cov) @ d.T) / len(near)
            slow[np.ix_(near, near)] += np.eye(len(near)) - affinity
    assert np.abs(fast - slow / 9).max() < 1e-3 * np.abs(slow / 9).max()


def test_phases_come_back() -> None:
    field = np.random.default_rng(3).random((12, 18)).astype(np.float32)
    phases = to_phases(field)
    assert (phases[1] == field[::2, 1::2]).all()
    assert (from_phases(phases) == field).all()


# --- upsampling -----------------------------------------------------------------------------------


def test_upsampling_follows_the_strands() -> None:
    truth = ALPHAS["hair"]
    image = np.square(compose(truth, GROUNDS["plain wall"]))  # light, of which lines take the root
    small = np.sqrt(filters.resize(image, SIDE // 2, SIDE // 2))
    small_truth = filters.resize(truth, SIDE // 2, SIDE // 2)
    up = matting.upsample_alpha(image, small, small_truth)
    plain = cv2.resize(small_truth, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    guided, blind = np.abs(up - truth).sum(), np.abs(plain - truth).sum()
    assert guided < 0.8 * blind, f"SAD {guided:.0f} against {blind:.0f} of plain enlarging"


def test_upsampling_in_tiles_is_upsampling_of_the_whole() -> None:
    """Without tiles: lines of every small window by least squares, all of them enlarged."""
    truth = cv2.resize(ALPHAS["hair"], None, fx=3, fy=3, interpolation=cv2.INTER_LINEAR)
    image = cv2.resize(compose(ALPHAS["hair"], GROUNDS["foliage"]), truth.shape)
    h, w = 101, 96  # no whole ratio
    small = np.sqrt(filters.resize(image, w, h))
    alpha = filters.resize(truth, w, h)
    lines = np.zeros((h, w, 4), np.float32)
    for y in range(h):
        for x in range(w):
            near = np.s_[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
            c, p = small[near].reshape(-1, 3).astype(np.float64), alpha[near].ravel()
            d = c - c.mean(0)
            cov = d.T @ d / len(p) + 1e-4 * np.eye(3)
            slope = np.linalg.solve(cov, d.T @ (p - p.mean()) / len(p))
            lines[y, x] = [*slope, p.mean() - slope @ c.mean(0)]
    lines = cv2.resize(cv2.blur(lines, (3, 3), borderType=cv2.BORDER_REFLECT_101), truth.shape)
    low, high, coarse = (
        cv2.resize(f(alpha, np.ones((3, 3))), truth.shape)
        for f in (cv2.erode, cv2.dilate, lambda x, _: x)
    )
    fine = (lines[..., :3] * np.sqrt(image)).sum(2) + lines[..., 3]
    slow = np.where(high - low > 0.02, np.clip(fine, low, high), coarse)
    fast = matting.upsample_alpha(image, small, alpha)
    off = np.abs(fast - slow)
    # Where a range of just 0.02 is met, either may be right.
    assert np.percentile(off, 99.9) < 2e-3 and off.max() < 0.025


# --- the renderer's edge --------------------------------------------------------------------------


@pytest.mark.parametrize("backdrop", ["#ffffff", "#000000"])
def test_no_halo_around_the_person(backdrop: str, astronaut_scene: Scene) -> None:
    """Outside the outline the backdrop begins at once: no fringe of the old wall.

    The ring where alpha is 0 and that lies 1.5 to 4 mm outside alpha = 0.5 is pure backdrop; where
    alpha falls from 0.5 to 0, lightness lies between the person's and the backdrop's.
    """
    scene = astronaut_scene
    look = Look(backdrop=backdrop, adjust=dict.fromkeys(Look().strengths, 0.0))
    lab = colour.p3_to_lab(render(scene, look).pixels)
    wall = 100.0 if backdrop == "#ffffff" else 0.0
    mm = scene.face.px_per_mm
    alpha = scene.matte.alpha
    distance = cv2.distanceTransform((alpha < 0.5).astype(np.uint8), cv2.DIST_L2, 5) / mm
    ring = (distance > 1.5) & (distance < 4.0) & (alpha < 0.02)
    off = np.abs(lab[..., 0][ring] - wall)
    assert ring.sum() > 500
    assert off.mean() < 1.0, f"dL* {off.mean():.2f} in the clear ring"
    # The soft ring holds light hair against white and dark strands against black, nothing beyond:
    soft = (distance > 0) & (distance < 1.5) & (alpha > 0.05)
    inner = (alpha > 0.98) & (cv2.erode(alpha, np.ones((15, 15))) < 0.9)
    low = min(wall, float(np.percentile(lab[..., 0][inner], 2))) - 3
    high = max(wall, float(np.percentile(lab[..., 0][inner], 98))) + 3
    beyond = (lab[..., 0][soft] < low) | (lab[..., 0][soft] > high)
    assert beyond.mean() < 0.01, f"{beyond.mean():.1%} of the edge is darker or lighter than both"


def test_the_old_wall_does_not_shine_through(astronaut_scene: Scene) -> None:
    """On black, the half-clear rim is as light as the person just inside it: no wall is in it."""
    scene = astronaut_scene
    look = Look(backdrop="#000000", adjust=dict.fromkeys(Look().strengths, 0.0))
    y = colour.luminance(render(scene, look).pixels)
    alpha, photo = scene.matte.alpha, colour.luminance(scene.pixels)
    above = np.arange(alpha.shape[0])[:, None] < scene.face.points[152, 1]
    rim = (alpha > 0.2) & (alpha < 0.8) & above
    near = filters.fill_outside(photo, (alpha > 0.99).astype(np.float32), 0.0)
    wall = filters.fill_outside(photo, (alpha < 0.01).astype(np.float32), 0.0)
    assert rim.sum() > 100

    def share(light: np.ndarray) -> float:
        """How far the rim is from the person beside it on the way to the wall."""
        told = rim & (wall - near > 0.1)
        return float(np.median((light - near)[told] / (wall - near)[told]))

    # Light wrap adds nothing on black.
    found = share(y / np.maximum(alpha, 0.01))
    assert share(photo) > 0.2, "nothing of the wall was in it"
    assert abs(found) < 0.08, f"{found:.0%} of the way to the wall"
