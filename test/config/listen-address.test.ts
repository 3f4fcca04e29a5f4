import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLoopback, listenUrl } from '../../src/config/listen-address.ts';

const test = suite('listenUrl');

test('U-27: the printed URL is one that this machine can open', () => {
	const urls = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].map((host) =>
		listenUrl({ host, port: 80 }),
	);
	const expected = ['127.0.0.1', '127.0.0.1', '[::1]', '[::1]', 'localhost'];
	assert.equal(
		urls,
		expected.map((host) => `http://${host}:80`),
	);
});

test('U-33: loopback is 127.0.0.0/8, ::1 and localhost, and nothing else', () => {
	assert.ok(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback));
	assert.not(['0.0.0.0', '::', '10.0.0.1', '127.evil.example'].some(isLoopback));
});

test.run();
