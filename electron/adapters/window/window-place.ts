import type { WindowPlace } from '../../core/presenter.ts';

/** A screen without its panels and docks. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** As much of the title bar as a hand needs to drag the window, in pixels. */
const GRIP = 80;
const TITLE_BAR = 32;

/**
 * Where a window opens: where it was, unless that is no longer on a screen, then wherever the system puts it. Sizes
 * stay between `least` and the screen's.
 */
export function openingPlaceOf(
  saved: WindowPlace | null,
  areas: readonly Area[],
  usual: Size,
  least: Size,
): Size & { readonly x?: number; readonly y?: number } {
  if (saved === null) return usual;
  const { x, y } = saved;
  if (x === undefined || y === undefined) return { width: saved.width, height: saved.height };
  const area = areas.find((each) => isGraspable({ ...saved, x, y }, each));
  if (area === undefined) return usual;
  return {
    x,
    y,
    width: clamp(saved.width, least.width, area.width),
    height: clamp(saved.height, least.height, area.height),
  };
}

function isGraspable(place: Area, area: Area): boolean {
  const across = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x);
  const titleInside = place.y >= area.y && place.y + TITLE_BAR <= area.y + area.height;
  return across >= GRIP && titleInside;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
