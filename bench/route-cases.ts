/** The work of the routes benchmark: requests of clients, and what they are looked up in. */

import type { Catalog } from '../src/catalog/catalog.ts';
import type { TriggerRecord } from '../src/catalog/records.ts';
import { requestFieldRole } from '../src/contract/headers.ts';
import { NOTHING_ASKED } from '../src/gateway/api.ts';
import type { FunctionTarget } from '../src/gateway/function-target.ts';
import { RouteTable } from '../src/gateway/route-table.ts';
import type { Router } from '../src/gateway/router.ts';
import { TableRouter } from '../src/gateway/table-router.ts';
import { parseRequestHead, type RequestHead } from '../src/http1/request-head.ts';
import { TriggerRouter } from '../src/server/trigger-router.ts';
import { SETTINGS } from '../test/contract/settings-fixture.ts';
import type { InProcessCase } from './in-process-case.ts';

/** Look-ups in one run: a single one takes less than a clock can tell. */
const CALLS = 1000;
const TRIGGERS = 10_000;
const READING = 'reading the head';
const LIMITS = { targetBytesMax: 8192, lineBytesMax: 8192, countMax: 100 };

const TARGET = {
	settings: SETTINGS,
	get target() {
		return TARGET;
	},
} as FunctionTarget;

export function routeCases(): InProcessCase[] {
	const one = new TableRouter(
		new RouteTable([{ host: null, path: '/', match: 'prefix', method: null, target: TARGET }]),
	);
	const groups = (index: number) => `g${index}.localhost`;
	return [
		calls(READING, null, (index) => head(groups(0), index % TRIGGERS).target.length),
		finding(
			'one route',
			one,
			heads((index) => ['a', index]),
		),
		finding(
			'10,000 triggers of one group',
			triggers(() => 'g0'),
			heads((index) => ['g0.localhost', index]),
		),
		finding(
			'10,000 groups of one trigger',
			triggers((index) => `g${index}`),
			heads((index) => [groups(index), index]),
		),
	];
}

function finding(name: string, router: Router, requests: readonly RequestHead[]): InProcessCase {
	return calls(name, READING, (index) => {
		const request = requests[index % requests.length];
		const found = request === undefined ? null : router.find(request);
		if (found === null || found instanceof Error) throw new Error(`${request?.target} leads nowhere`);
		return found.target.settings.timeoutSeconds;
	});
}

function calls(name: string, beside: string | null, once: (index: number) => number): InProcessCase {
	let next = 0;
	return {
		name,
		amount: CALLS,
		unit: 'call',
		beside,
		run() {
			let sum = 0;
			for (let count = 0; count < CALLS; count++) {
				next += 7919;
				sum += once(next);
			}
			return sum;
		},
	};
}

function heads(of: (index: number) => readonly [host: string, path: number]): readonly RequestHead[] {
	return Array.from({ length: TRIGGERS }, (_, index) => head(...of(index)));
}

function head(host: string, path: number): RequestHead {
	const lines = `Host: ${host}\r\nUser-Agent: bench/1.0\r\nAccept: */*\r\nAccept-Encoding: gzip\r\nX-Tenant: north\r\n`;
	return parseRequestHead(`GET /api/${path}/items?page=2 HTTP/1.1\r\n${lines}`, LIMITS, requestFieldRole);
}

/** With auth NONE, each with a path of its own. */
function triggers(groupOf: (index: number) => string): Router {
	const records = Array.from({ length: TRIGGERS }, (_, index) => trigger(groupOf(index), index));
	const byGroup = Map.groupBy(records, ({ groupId }) => groupId);
	const catalog = {
		aliases: {} as Catalog['aliases'],
		domains: { all: () => [] } as unknown as Catalog['domains'],
		triggers: { ofGroup: (group: string) => byGroup.get(group) ?? [] } as unknown as Catalog['triggers'],
	};
	return new TriggerRouter(catalog, { generation: 0, target: () => TARGET }, ({ id }) => ({
		...NOTHING_ASKED,
		id,
	}));
}

function trigger(groupId: string, index: number): TriggerRecord {
	return {
		id: `t${index}`,
		functionId: index,
		qualifier: 'latest',
		type: 'APIG',
		status: 'ACTIVE',
		groupId,
		path: `/api/${index}`,
		match: 'prefix',
		method: null,
		auth: 'NONE',
		timeoutMs: null,
		eventData: {},
		createdMs: 0,
		modifiedMs: 0,
	};
}
