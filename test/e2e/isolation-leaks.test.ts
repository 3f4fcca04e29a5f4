/** What many cold starts leave behind: nothing; with the built executable. */
import { suite } from 'uvu';
import { ownHost } from '../harness/hosts.ts';
import { coldStartsLeakNothing } from './leak-checks.ts';

/** The flagship makes the thousand; a third of it shows a leak as well. */
const COLD_STARTS = process.env.HTTPFN_ENGINE === 'node' ? 300 : 1000;

const test = suite('isolation, many times');

test('E-91: a thousand cold starts leak no descriptor, thread, mount, process or cgroup', async () => {
	await coldStartsLeakNothing(ownHost, COLD_STARTS);
});

test.run();
