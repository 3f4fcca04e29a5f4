/** Functions that a waiting shell became, beside those that were spawned. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libc } from '../../src/engine/libc.ts';
import { DirectIsolation } from '../../src/isolation/direct-isolation.ts';
import { MARKER_NAME } from '../../src/process/instance-marker.ts';
import { environmentValue, processIds, processStat } from '../../src/process/process-table.ts';
import { suitsShell, WAIT_FOR_SCRIPT } from '../../src/process/shell-start.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { inState, RecordingLog, SANDBOX, settingsOf } from '../process/support.ts';

const test = suite('shells that wait');

/** What a function could tell the two ways apart by, on stdout, up to an empty line. */
const TELLING = `
env -0 | tr '\\n\\0' '|\\n' | sort
pwd
cd /proc/self/fd && for fd in *; do [ -e $fd ] && echo "$fd $(readlink $fd | sed 's/[0-9]*//g')"; done
ps -o pgid=,sid=,tty= -p $$ | sed "s/\\b$$\\b/own/g"
echo
exec sleep 1000
`;
const ENVIRONMENT = {
	QUOTED: 'it\'s "$HOME" `id` \\ *\n',
	EMPTY: '',
	BASH_ENV: '/dev/null',
	PATH: '/usr/bin:/bin',
};

/** Processes of this one that wait for a script. */
function waitingShells(): readonly number[] {
	return processIds().filter((pid) => {
		if (processStat(pid)?.parentPid !== process.pid) return false;
		return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(WAIT_FOR_SCRIPT);
	});
}

async function shellWaits(): Promise<number> {
	for (;;) {
		const [pid] = waitingShells();
		if (pid !== undefined) return pid;
		await new Promise((resolve) => setImmediate(resolve));
	}
}

/** Starts the function, and resolves with its process and what it tells of itself. */
async function told(
	isolation: DirectIsolation,
	codeRoot: string,
): Promise<{ readonly pid: number; readonly text: string }> {
	const settings = settingsOf('answers', { codeRoot, environment: ENVIRONMENT });
	const sandbox = await isolation.start({
		settings,
		sandbox: SANDBOX,
		hostEnvironment: process.env,
		log: new RecordingLog(),
	});
	let text = '';
	for await (const bytes of sandbox.stdout) {
		text += String(bytes);
		if (text.includes('\n\n')) break;
	}
	sandbox.stderr.destroy();
	await sandbox.end(0);
	return { pid: sandbox.pid, text: text.replace(new RegExp(`^${MARKER_NAME}=.*$`, 'm'), 'marker') };
}

if (libc() !== null) {
	test('Z-15: a function that a waiting shell became has the environment, folder, descriptors and session of one that was spawned', async () => {
		await using folder = await functionFolder({ bootstrap: TELLING });
		const isolation = new DirectIsolation();
		const spawned = await told(isolation, folder.path);
		isolation.warm(settingsOf('answers', { codeRoot: folder.path }), process.env);
		const shell = await shellWaits();
		const woken = await told(isolation, folder.path);
		await isolation.close();
		assert.is.not(spawned.pid, shell);
		assert.is(woken.pid, shell);
		assert.ok(spawned.text.includes('marker'), spawned.text);
		assert.is(woken.text, spawned.text);
	});

	test('Z-16: a shell that waits ends with its isolation, and bears no marker by which it would be a stray', async () => {
		const isolation = new DirectIsolation();
		isolation.warm(settingsOf('answers'), process.env);
		const shell = await shellWaits();
		assert.is(environmentValue(shell, MARKER_NAME), null);
		await isolation.close();
		await inState([shell], '-Z');
	});
}

test('Z-17: a function with a variable that bash can not hand on is spawned', () => {
	for (const name of ['UID', 'EUID', 'PPID', 'SHELLOPTS', 'BASHOPTS', 'a.b', '1st', 'with space', ''])
		assert.not.ok(suitsShell({ GOOD: '1', [name]: '1' }), name);
	assert.ok(suitsShell({ GOOD: '1', _x1: '', PATH: '/bin', UIDS: '1' }));
});

test.run();
