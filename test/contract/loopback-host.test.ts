import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLoopbackHost } from '../../src/contract/loopback-host.ts';

const test = suite('isLoopbackHost');

test('U-33: loopback is 127.0.0.0/8, ::1 and localhost, and nothing else', () => {
	const own = ['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'LOCALHOST:80', '127.0.0.1:8080', '[::1]:1'];
	for (const host of own) assert.ok(isLoopbackHost(host), host);
	const others = [
		'0.0.0.0',
		'::',
		'10.0.0.1',
		'127.evil.example',
		'127.0.0.1.evil',
		'127.0.0.256',
		'::10',
		'',
	];
	for (const host of others) assert.not(isLoopbackHost(host), host);
});

test.run();
