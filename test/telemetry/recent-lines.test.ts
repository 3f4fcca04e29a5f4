/** The newest lines of each function, as they are kept in memory. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { KeptLog } from '../../src/telemetry/kept-log.ts';
import type { Log } from '../../src/telemetry/log.ts';
import { type LogLine, RecentLines } from '../../src/telemetry/recent-lines.ts';

const test = suite('recent lines');

function line(text: string): LogLine {
	return { timeMs: 1, version: 'latest', stream: 'stdout', requestId: null, text };
}

function texts(lines: readonly LogLine[]): string[] {
	return lines.map(({ text }) => text);
}

test('A-140: the newest lines of a function are told oldest first, and no others', () => {
	const lines = new RecentLines();
	for (const text of ['one', 'two', 'three']) lines.add(1, line(text));
	lines.add(2, line('of another'));
	assert.equal(texts(lines.tail(1, 2)), ['two', 'three']);
	assert.equal(texts(lines.tail(1, 99)), ['one', 'two', 'three']);
	assert.equal(texts(lines.tail(3, 99)), []);
	assert.equal(texts(lines.tail(1, 0)), []);
});

test('A-140: who follows a function gets each line from then on, until it stops', () => {
	const lines = new RecentLines();
	const seen: string[] = [];
	lines.add(1, line('before'));
	const stop = lines.follow(1, ({ text }) => seen.push(text));
	lines.add(1, line('first'));
	lines.add(2, line('of another'));
	stop();
	stop();
	lines.add(1, line('after'));
	assert.equal(seen, ['first']);
});

test('A-141: a function that floods its log keeps its newest lines only, and a silent one goes before a loud one', () => {
	const lines = new RecentLines({ functionCharsMax: 2_000, charsMax: 5_000 });
	for (let count = 0; count < 1_000; count++) lines.add(1, line(`${count} ${'x'.repeat(90)}`));
	const kept = texts(lines.tail(1, 1_000));
	assert.ok(kept.length >= 9 && kept.length <= 10, `${kept.length} lines are kept`);
	assert.match(kept.at(-1) ?? '', /^999 /);
	for (const id of [2, 3]) for (let count = 0; count < 9; count++) lines.add(id, line('y'.repeat(100)));
	assert.is(lines.tail(1, 99).length, 0);
	assert.is(lines.tail(2, 99).length, 9);
	assert.is(lines.tail(3, 99).length, 9);
	lines.forget(3);
	assert.is(lines.tail(3, 99).length, 0);
});

test('A-140: what a function writes, and what httpfn says of it, is both kept and logged', () => {
	const lines = new RecentLines();
	const logged: string[] = [];
	const log: Log = {
		write: (_level, message) => void logged.push(message),
		output: (_stream, text) => logged.push(text) > 0,
		onDrain: async () => {},
		flush: async () => {},
	};
	const kept = new KeptLog(log, lines, 7, 'v1');
	assert.ok(kept.output('stderr', 'said', 'id-1'));
	kept.write('debug', 'not kept');
	kept.write('warn', 'exited', { requestId: 'id-2', code: 3 });
	assert.equal(logged, ['said', 'not kept', 'exited']);
	assert.equal(
		lines.tail(7, 9).map(({ timeMs: _, ...rest }) => rest),
		[
			{ version: 'v1', stream: 'stderr', requestId: 'id-1', text: 'said' },
			{ version: 'v1', stream: 'platform', requestId: 'id-2', text: 'exited  code=3' },
		],
	);
});

test.run();
