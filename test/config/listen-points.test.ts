import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Mistake } from '../../src/config/config-error.ts';
import { isListenText, listenPoints, pointUrl } from '../../src/config/listen-points.ts';

const test = suite('places to listen on');

function urls(text: string, certified = false, environment: Record<string, string> = {}): string[] {
	const mistakes: Mistake[] = [];
	const points = listenPoints(text, { certified, environment, given: undefined }, mistakes);
	assert.equal(mistakes, []);
	return points.map(pointUrl);
}

function mistakesOf(text: string, environment: Record<string, string> = {}): number {
	const mistakes: Mistake[] = [];
	listenPoints(text, { certified: false, environment, given: undefined }, mistakes);
	return mistakes.length;
}

test('U-150: --listen takes several places, each an address, a Unix socket or a descriptor', () => {
	assert.equal(urls('0.0.0.0:80, [::]:8080,unix:/run/a.sock,fd:3'), [
		'http://127.0.0.1:80',
		'http://[::1]:8080',
		'unix:/run/a.sock',
		'fd:3',
	]);
});

test('U-150: what is no place is refused', () => {
	const places = ['', ',', '127.0.0.1:80,', 'unix:', 'unix:run/a.sock', 'unix:/run/', 'fd:', 'fd:0', 'fd:2'];
	const more = [
		'fd:1000000',
		`unix:/${'x'.repeat(107)}`,
		'ftp://127.0.0.1:80',
		'https://',
		'http://systemd:',
	];
	for (const text of [...places, ...more]) assert.is(isListenText(text), false, text);
	assert.is(isListenText(`unix:/${'x'.repeat(106)}`), true);
});

test('U-151: with certificates places are secure unless they say http://, Unix sockets only where they say https://', () => {
	const text = '127.0.0.1:1,http://127.0.0.1:2,unix:/a,https://unix:/b,fd:3';
	assert.equal(urls(text, true), [
		'https://127.0.0.1:1',
		'http://127.0.0.1:2',
		'unix:/a',
		'https://unix:/b',
		'https://fd:3',
	]);
	assert.is(mistakesOf('https://127.0.0.1:1'), 1);
});

test('U-152: systemd stands for the sockets that were handed to this very process', () => {
	const handed = { LISTEN_FDS: '2', LISTEN_PID: String(process.pid) };
	assert.equal(urls('systemd,127.0.0.1:1', false, handed), ['fd:3', 'fd:4', 'http://127.0.0.1:1']);
	assert.is(mistakesOf('systemd'), 1);
	assert.is(mistakesOf('systemd', { ...handed, LISTEN_PID: '1' }), 1);
	assert.is(mistakesOf('systemd', { ...handed, LISTEN_FDS: 'two' }), 1);
});

test.run();
