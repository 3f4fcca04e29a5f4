/** What becomes of a run: files, and whether it got worse than what it is compared with. */
import { accessSync, constants, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BenchRecord, type Comparison, parseBenchRecord } from './bench-record.ts';
import { compareRecords } from './compare-records.ts';
import { htmlReport } from './report/html-report.ts';

export interface ConcludeOptions {
	/** Where the record goes, to be compared with later; null: nowhere. */
	readonly saveFile: string | null;
	/** The record with its comparisons. */
	readonly jsonFile: string | null;
	/** The page with its plots. */
	readonly reportFile: string | null;
	/** Share by which a measure may get worse: 0.05. */
	readonly allowed: number;
}

/** Throws a TypeError where the file is no record, an Error where it can not be read. */
export function readBenchRecord(file: string): BenchRecord {
	try {
		return parseBenchRecord(readFileSync(file, 'utf8'));
	} catch (error) {
		if (!(error instanceof TypeError)) throw error;
		throw new TypeError(`${file} is no record of a benchmark: ${error.message}`);
	}
}

/** Before anything is measured: a run of minutes must not be lost for a folder that is not there. Throws a TypeError. */
export function judgeOutputs({ saveFile, jsonFile, reportFile }: ConcludeOptions): void {
	for (const file of [saveFile, jsonFile, reportFile]) {
		if (file === null) continue;
		if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
			throw new TypeError(`${file} is a folder, wanted a file to write`);
		const folder = path.dirname(path.resolve(file));
		try {
			accessSync(folder, constants.W_OK);
		} catch {
			throw new TypeError(`${file} can not be written: ${folder} is missing, or not yours to write`);
		}
	}
}

/** Writes the files that are asked for. Answers the comparisons; none without a record of before. */
export function conclude(
	record: BenchRecord,
	before: BenchRecord | null,
	{ saveFile, jsonFile, reportFile, allowed }: ConcludeOptions,
): readonly Comparison[] {
	const comparisons = before === null ? [] : compareRecords(before, record, allowed);
	if (saveFile !== null) writeFileSync(saveFile, asJson(record));
	if (jsonFile !== null) writeFileSync(jsonFile, asJson({ ...record, comparisons }));
	if (reportFile !== null)
		writeFileSync(reportFile, htmlReport({ record, before, comparisons, allowedShare: allowed }));
	return comparisons;
}

export function hasRegressed(comparisons: readonly Comparison[]): boolean {
	return comparisons.some(({ verdict }) => verdict === 'regressed');
}

function asJson(value: object): string {
	return `${JSON.stringify(value, null, '\t')}\n`;
}
