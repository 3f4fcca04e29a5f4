import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Background } from '../../src/edge-host/background.ts';

const test = suite('background work');

function bed(timeoutMs: number) {
	const changes: boolean[] = [];
	const lines: string[] = [];
	const complained = Promise.withResolvers<void>();
	const background = new Background({
		timeoutMs,
		onChange: (working) => changes.push(working),
		complain: (text) => {
			lines.push(text);
			complained.resolve();
		},
	});
	return { background, changes, lines, complained: complained.promise };
}

test('X-13: it works from the first promise to the last, of whichever request, and no longer', async () => {
	const { background, changes, lines } = bed(60_000);
	const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
	const [one, other] = [background.open(), background.open()];
	await background.quiet();
	one.add(first.promise);
	other.add(second.promise);
	one.answered();
	other.answered();
	first.resolve();
	await first.promise;
	assert.equal(changes, [true]);
	second.resolve();
	await background.quiet();
	assert.equal([changes, lines], [[true, false], []]);
	one.add('no promise');
	await background.quiet();
	assert.equal(changes, [true, false, true, false]);
});

test('X-13: a promise that is rejected is told to the log, and is done', async () => {
	const { background, changes, lines } = bed(60_000);
	background.open().add(Promise.reject(new Error('no such table')));
	await background.quiet();
	assert.equal(changes, [true, false]);
	assert.match(lines.join('\n'), /no such table/);
});

test('X-13: what is pending for too long after the answer is given up, and coming to an end later changes nothing', async () => {
	const { background, changes, lines, complained } = bed(5);
	const late = Promise.withResolvers<void>();
	const work = background.open();
	work.add(late.promise);
	work.answered();
	// The deadline alone does not keep a process alive.
	const alive = setInterval(() => {}, 1_000);
	await complained;
	clearInterval(alive);
	await background.quiet();
	late.resolve();
	await late.promise;
	assert.equal([changes, lines.length], [[true, false], 1]);
});

test.run();
