/** The work of the log benchmark: one line, without any file. */
import type { AccessEntry } from '../src/telemetry/access-entry.ts';
import { accessLine } from '../src/telemetry/access-line.ts';
import { jsonLog } from '../src/telemetry/json-log.ts';
import type { InProcessCase } from './in-process-case.ts';

/** Lines in one run: a single one takes less than a clock can tell. */
const LINES = 100;
const TIME = new Date(0);
const FUNCTION_LINE = 'handled /orders/42?page=2 in 12 ms, 3 rows, cache miss';
const REQUEST_ID = '9510c0d5-25f8-4597-baf2-e695f4c7e396';

const ENTRY: AccessEntry = {
	...{ time: TIME, requestId: REQUEST_ID, client: '203.0.113.7', method: 'GET', protocol: 'HTTP/1.1' },
	...{ target: '/orders/42?page=2&sort=asc', host: 'api.example.com', status: 200 },
	...{ requestBytes: 0, responseBytes: 5120, functionName: 'orders', version: 'v12', apiId: null },
	...{ app: null, user: null, queueMs: 0, coldStartMs: 0, firstByteMs: 11.7, totalMs: 12.25, error: null },
	...{ userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36', referer: '' },
};

const ENGINE = 'JSON.stringify of an access entry';

export function logCases(): InProcessCase[] {
	const format = jsonLog('orders');
	return [
		lines(ENGINE, null, () => JSON.stringify(ENTRY).length),
		lines('access line, JSON', ENGINE, () => accessLine(ENTRY, 'json').length),
		lines('access line, combined', ENGINE, () => accessLine(ENTRY, 'combined').length),
		lines(
			'line of a function, JSON',
			ENGINE,
			() => format.output(TIME, 'stdout', FUNCTION_LINE, REQUEST_ID).length,
		),
	];
}

function lines(name: string, beside: string | null, line: () => number): InProcessCase {
	const run = (): number => {
		let total = 0;
		for (let count = 0; count < LINES; count += 1) total += line();
		return total;
	};
	return { name, amount: LINES, unit: 'call', beside, run };
}
