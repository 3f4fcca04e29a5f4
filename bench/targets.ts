/** What the flagship is held to, and how far it is from it. */

import { median } from '../src/bench/statistics.ts';
import type { GatewayResult } from './gateway-result.ts';
import { addedOfNginx, FIXED_RATE } from './rate-table.ts';
import { summarize } from './summarize.ts';

export interface TargetRow {
	readonly target: string;
	readonly found: number;
	readonly wanted: number;
	readonly unit: string;
}

const GROWTH_MAX = 1.05;

/** Rows only for what was measured; none where the flagship did not run. */
export function targetRows(result: GatewayResult): TargetRow[] {
	const name = result.flagship;
	if (name === null) return [];
	const rows: TargetRow[] = [];
	const add = (target: string, found: number | undefined, wanted: number, unit: string): void => {
		if (found !== undefined && !Number.isNaN(found)) rows.push({ target, found, wanted, unit });
	};
	const small = summarize(result, 'small').find(({ peer }) => peer === name);
	const large = summarize(result, 'large').find(({ peer }) => peer === name);
	add('CPU of a small request, of nginx', small?.ofNginx?.median, 1, '×');
	add('CPU of a small request, of haproxy', small?.ofHaproxy?.median, 1.1, '×');
	add('CPU of a 5 MB body, of haproxy', large?.ofHaproxy?.median, 1.3, '×');
	add(`added p99 at ${FIXED_RATE} requests a second, of nginx`, addedOfNginx(result.rates, name), 1.2, '×');
	const soak = result.soak.find(({ peer }) => peer === name);
	const seconds = result.options.soakSeconds;
	if (soak !== undefined) add(`peak RSS, ${seconds} s of load`, (soak.peakRssKib * 1024) / 1e6, 80, ' MB');
	add(`RSS late over early, ${seconds} s of load`, soak?.growth, GROWTH_MAX, '×');
	const startup = result.startup.find(({ peer }) => peer === name);
	if (startup !== undefined) add('exec to listening', median(startup.urlLineMs), 20, ' ms');
	return rows;
}
