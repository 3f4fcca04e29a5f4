/** Runs of `httpfn bench` for tests, and what they wrote. */
import { readFileSync } from 'node:fs';
import { type BenchRecord, parseBenchRecord } from '../../src/bench/bench-record.ts';

/** The shortest run of one load: no figure of it means anything. */
export const SHORT = ['--seconds', '0.02', '--rate', '500'];
export const ONE_LOAD = [...SHORT, '--only', 'warm/plain/1KB/kept'];

export function recordIn(file: string): BenchRecord {
	return parseBenchRecord(readFileSync(file, 'utf8'));
}
