/** Pages of the lists whose marker is the `next_marker` of the page before (documented: functions, versions). */
import type * as z from 'zod/mini';
import { digits } from './page.ts';

/** Entries of a page (documented), and of one whose size is not said. */
const ENTRIES_MAX = 400;

export interface MarkerPage {
	readonly after: number;
	readonly limit: number;
}

/** Fields of the query. */
export const markerFields = () => ({ marker: digits(), maxitems: digits() });

export type MarkerQuery = z.output<z.ZodMiniObject<ReturnType<typeof markerFields>>>;

/** 0 entries mean the most there may be. */
export function markerPage({ marker = '0', maxitems = '0' }: MarkerQuery): MarkerPage {
	return { after: Number(marker), limit: Math.min(Number(maxitems) || ENTRIES_MAX, ENTRIES_MAX) };
}
