import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KernelError } from '../../src/engine/kernel-error.ts';
import { kernel } from '../../src/isolation/kernel.ts';
import {
	attribute,
	NETLINK,
	NLM_F,
	nested,
	netlinkExchange,
	netlinkMessage,
} from '../../src/isolation/netlink.ts';

const test = suite('netlink');
const onDeno = 'Deno' in globalThis;
const RTM_DELROUTE = 25;

test('N-36: attributes are as long as they say and padded to four bytes', () => {
	assert.is(attribute(1, 'httpfn').toString('hex'), '0b00010068747470666e0000');
	assert.is(attribute(2, -5).toString('hex'), '08000200fffffffb');
	assert.is(nested(4, attribute(1, 3)).toString('hex'), '0c0004800800010000000003');
});

test('N-36: messages carry their length, type and flags in the order of the machine', () => {
	const message = netlinkMessage(0xa00, NLM_F.acknowledge, Buffer.from([1, 2]));
	assert.is(message.toString('hex'), `12000000000a05000000000000000000${'01020000'}`);
});

if (!onDeno) {
	test('N-36: what the kernel refuses is told by the name of its error', () => {
		const header = Buffer.from([2, 0, 0, 0, 250, 0, 0, 0, 0, 0, 0, 0]);
		const missing = netlinkMessage(RTM_DELROUTE, NLM_F.acknowledge, header);
		try {
			netlinkExchange(kernel(), NETLINK.route, 'removing a route', [missing]);
			assert.unreachable();
		} catch (error) {
			assert.is((error as KernelError).code, 'ESRCH');
		}
	});
}

test.run();
