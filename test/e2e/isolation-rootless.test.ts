/** The promises of isolation.test.ts, kept for a user who has no rights on the host. */
import { suite } from 'uvu';
import { strangerHost } from '../harness/hosts.ts';
import {
	daemonDies,
	fiftyInstances,
	filesInside,
	forkBomb,
	frozenStandsStill,
	hiddenFiles,
	identityInside,
	killedWithoutWarning,
	memoryHog,
	twoFunctionsApart,
} from './isolation-checks.ts';
import { coldStartsLeakNothing } from './leak-checks.ts';

const COLD_STARTS = 100;

const host = strangerHost();
const test = suite('isolation for a user without rights');

test('E-100: fifty instances of one function, all on 127.0.0.1:8000, answer fifty requests held at once', async () => {
	await fiftyInstances(host);
});

test('E-101: two functions reach neither port, files, /tmp nor processes of each other', async () => {
	await twoFunctionsApart(host);
});

test('E-102: a function sees itself as 1003:1003, in /opt/function/code', async () => {
	await identityInside(host);
});

test('E-103: the code is read-only, and /tmp is the only place to write, private and of the promised size', async () => {
	await filesInside(host);
});

test('E-104: configuration, the host’s paths of code, homes and state are not visible, nor are the host’s processes', async () => {
	await hiddenFiles(host);
});

test('E-105: a function over its memory is killed with ERR_FUNCTION_MEMORY, and its neighbour’s request is unharmed', async () => {
	await memoryHog(host);
});

test('E-106: a function that multiplies is stopped short of 1,024 processes, and takes all of them with it', async () => {
	await forkBomb(host);
});

test('E-107: a process that left group and session ends with its instance', async () => {
	await daemonDies(host);
});

test('E-108: kill -9 of httpfn leaves no process and no mount', async () => {
	await killedWithoutWarning(host);
});

test('E-109: a hundred cold starts leak no descriptor, thread, mount or process', async () => {
	await coldStartsLeakNothing(host, COLD_STARTS);
});

test('E-93: an idle instance that is frozen uses no processor, and answers the next request at once', async () => {
	await frozenStandsStill(host);
});

test.run();
