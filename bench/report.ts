/** The result as Markdown, ready for docs/benchmarks.md. */

import { quantile } from '../src/bench/statistics.ts';
import { extraHeaders } from './compare-headers.ts';
import { cpuMicros, ratioText } from './cpu-ratio.ts';
import type { GatewayResult } from './gateway-result.ts';
import { machineText } from './machine.ts';
import { markdownTable } from './markdown-table.ts';
import { FIXED_RATE, RATE_HEAD, rateRow } from './rate-table.ts';
import { bestNginx, type Summary, summarize } from './summarize.ts';
import { targetRows } from './targets.ts';
import { BODY_BYTES, BODY_NAMES, type BodyName } from './task.ts';

const SPOKEN = {
	http: 'HTTP/1.1',
	https: 'HTTP/1.1 over TLS',
	h2: 'HTTP/2 over TLS, 4 streams a connection',
} as const;

export function gatewayReport(result: GatewayResult): string {
	return [
		machineLines(result),
		loadTable(result, 'small', 'A 48 byte answer, 64 connections', 'CPU µs / request', 1),
		loadTable(result, 'large', 'A 5 MB answer, 8 connections', 'CPU ms / request', 1000),
		loadTable(
			result,
			'closing',
			'A 48 byte answer of a function that then closes its connection, 64 connections',
			'CPU µs / request',
			1,
		),
		rateTable(result),
		startupTable(result),
		soakTable(result),
		targetTable(result),
		rawRounds(result),
		result.problems.map((problem) => `- **Not to be used:** ${problem}\n`).join(''),
	]
		.filter((part) => part !== '')
		.join('\n')
		.trimEnd();
}

function machineLines({ machine, options, headers }: GatewayResult): string {
	const versions = Object.entries(machine.versions).map(([name, text]) => `${name}: ${text}`);
	const extra = Object.entries(headers).flatMap(([peer, found]) => {
		const names = extraHeaders(found);
		return names.length === 0 ? [] : [`${peer} also adds ${names.join(', ')}.\n`];
	});
	return `${machineText(machine)}
${versions.join('; ')}.
Clients speak ${SPOKEN[options.protocol]}. ${options.rounds} rounds of ${options.seconds} s after ${options.warmUpSeconds} s of warm-up, the peers in turn, fresh processes each time.
${extra.join('')}`;
}

function loadTable(
	result: GatewayResult,
	body: BodyName,
	title: string,
	cpuTitle: string,
	cpuUnit: number,
): string {
	const summaries = summarize(result, body);
	if (summaries.length === 0) return '';
	const rate = body === 'large' ? 'MB / s' : 'requests / s';
	const rows = summaries.map((summary) => [
		label(result, summary.peer),
		(summary.cpuMicrosPerRequest / cpuUnit).toFixed(cpuUnit === 1 ? 1 : 2),
		ratioText(summary.ofNginx),
		ratioText(summary.ofHaproxy),
		rateText(summary, body),
		summary.p50Ms.toFixed(2),
		summary.p99Ms.toFixed(2),
		summary.peakRssMb.toFixed(1),
	]);
	const nginx = bestNginx(result.rounds.filter((round) => round.body === body));
	const note =
		body === 'large' ? `“of nginx” is of ${nginx}, the better of its two ways with this body.\n` : '';
	const head = ['proxy', cpuTitle, 'of nginx', 'of haproxy', rate, 'p50 ms', 'p99 ms', 'peak RSS MB'];
	return `### ${title}\n\n${markdownTable(head, rows)}${note === '' ? '' : `\n${note}`}`;
}

function rateText(summary: Summary, body: BodyName): string {
	if (body !== 'large') return Math.round(summary.requestsPerSecond).toLocaleString('en-US');
	return Math.round((summary.requestsPerSecond * BODY_BYTES.large) / 1e6).toLocaleString('en-US');
}

function rateTable(result: GatewayResult): string {
	if (result.rates.length === 0) return '';
	const peers = [...new Set(result.rates.map(({ peer }) => peer))];
	const names = Object.keys(result.machine.versions);
	const ordered = peers.toSorted((a, b) => names.indexOf(a) - names.indexOf(b));
	const rows = ordered.map((peer) => [label(result, peer), ...rateRow(result.rates, peer)]);
	const title = `A 48 byte answer, ${FIXED_RATE.toLocaleString('en-US')} requests a second`;
	return `### ${title}\n\n${markdownTable(RATE_HEAD, rows)}`;
}

function startupTable(result: GatewayResult): string {
	if (result.startup.length === 0) return '';
	const middle = (values: readonly number[], at: number): string =>
		values.length === 0 ? '' : quantile(values, at).toFixed(1);
	const rows = result.startup.map(({ peer, connectMs, urlLineMs }) => [
		label(result, peer),
		middle(connectMs, 0.5),
		middle(connectMs, 0),
		middle(connectMs, 0.9),
		middle(urlLineMs, 0.5),
	]);
	const head = ['proxy', 'accepts, median ms', 'least', 'p90', 'URL line, median ms'];
	return `### From exec to listening, ${result.options.startups} processes each\n\n${markdownTable(head, rows)}`;
}

function soakTable(result: GatewayResult): string {
	if (result.soak.length === 0) return '';
	const mb = (kib: number | undefined): string => (((kib ?? Number.NaN) * 1024) / 1e6).toFixed(1);
	const rows = result.soak.map(({ peer, rssKib, peakRssKib, growth }) => [
		label(result, peer),
		mb(rssKib[0]),
		mb(rssKib[Math.floor(rssKib.length / 2)]),
		mb(rssKib.at(-1)),
		mb(peakRssKib),
		growth.toFixed(3),
	]);
	const head = ['proxy', 'RSS MB after 1 s', 'half-way', 'at the end', 'peak', 'late / early'];
	return `### Memory, ${result.options.soakSeconds} s of load at 64 connections\n\n${markdownTable(head, rows)}`;
}

function targetTable(result: GatewayResult): string {
	const rows = targetRows(result).map(({ target, found, wanted, unit }) => [
		target,
		`${wanted}${unit}`,
		`${found.toFixed(2)}${unit}`,
		found <= wanted ? 'met' : `missed by ${((found / wanted - 1) * 100).toFixed(0)}%`,
	]);
	if (rows.length === 0) return '';
	return `### Targets of the flagship\n\n${markdownTable(['what', 'at most', 'found', ''], rows)}`;
}

function rawRounds(result: GatewayResult): string {
	const rows = BODY_NAMES.flatMap((body) =>
		summarize(result, body).map(({ peer }) => {
			const own = result.rounds.filter((round) => round.body === body && round.peer === peer);
			const unit = body === 'large' ? 1000 : 1;
			return [body, peer, own.map((round) => (cpuMicros(round) / unit).toFixed(2)).join(' ')];
		}),
	);
	if (rows.length === 0) return '';
	const head = ['answer', 'proxy', 'CPU a request, each round (µs; ms of large)'];
	return `### Raw rounds\n\n${markdownTable(head, rows)}`;
}

function label(result: GatewayResult, peer: string): string {
	return peer === result.flagship ? `**${peer}** (flagship)` : peer;
}
