/** Functions that a waiting shell became, beside those that were spawned. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { libc } from '../../src/engine/libc.ts';
import { DirectIsolation } from '../../src/isolation/direct-isolation.ts';
import { MARKER_NAME } from '../../src/process/instance-marker.ts';
import { environmentValue, processIds, processStat } from '../../src/process/process-table.ts';
import { suitsShell, WAIT_VARIABLE, waitScript } from '../../src/process/shell-start.ts';
import { functionFolder } from '../harness/function-folder.ts';
import { inState, RecordingLog, SANDBOX, settingsOf } from '../process/support.ts';

const test = suite('shells that wait');

/** What a function could tell the two ways apart by, on stdout, up to an empty line. */
const TELLING = `
env -0 | tr '\\n\\0' '|\\n' | sort
declare -p | grep -vE '(BASHPID|BASH_ARGC|PPID|RANDOM|EPOCH[A-Z]*|SECONDS|${MARKER_NAME})='
set -o; shopt; trap; hash; alias; tr '\\0' ' ' </proc/$$/cmdline
echo "$0 $_ $- $# $BASH_SUBSHELL $LINENO \${BASH_SOURCE[*]}"
pwd
cd /proc/self/fd && for fd in *; do [ -e $fd ] && echo "$fd $(readlink $fd | sed 's/[0-9]*//g')"; done
ps -o pgid=,sid=,tty= -p $$ | sed "s/\\b$$\\b/own/g"
echo
exec sleep 1000
`;
const ENVIRONMENT = {
	QUOTED: 'it\'s "$HOME" `id` \\ *\n',
	EMPTY: '',
	PATH: '/usr/bin:/bin',
};

/** Processes of this one that wait to run the bootstrap of this folder. */
function waitingShells(codeRoot: string): readonly number[] {
	return processIds().filter((pid) => {
		if (processStat(pid)?.parentPid !== process.pid) return false;
		return (
			environmentValue(pid, WAIT_VARIABLE.name) === WAIT_VARIABLE.value &&
			readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(`\0${codeRoot}/bootstrap\0`)
		);
	});
}

async function shellWaits(codeRoot: string): Promise<number> {
	for (;;) {
		const [pid] = waitingShells(codeRoot);
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
		const settings = settingsOf('answers', { codeRoot: folder.path });
		isolation.warm(settings, process.env);
		const shell = await shellWaits(folder.path);
		let woken = await told(isolation, folder.path);
		// It is there a moment before it is known to wait.
		while (woken.pid !== shell) woken = await told(isolation, folder.path);
		await isolation.close();
		assert.is.not(spawned.pid, shell);
		assert.ok(spawned.text.includes('marker'), spawned.text);
		assert.is(woken.text, spawned.text);
	});

	test('Z-16: a shell that waits ends with its isolation, and bears a marker from the start', async () => {
		const isolation = new DirectIsolation();
		const settings = settingsOf('answers');
		isolation.warm(settings, process.env);
		const shell = await shellWaits(settings.codeRoot);
		assert.ok(environmentValue(shell, MARKER_NAME));
		await isolation.close();
		await inState([shell], '-Z');
	});
}

test('Z-16: a shell that waits ends by itself where httpfn was killed', async () => {
	await using folder = await functionFolder({ bootstrap: 'exit 1', first: waitScript() });
	const first = openSync(join(folder.path, 'first'), 'r');
	const child = spawn('/bin/bash', [join(folder.path, 'bootstrap')], {
		env: { [WAIT_VARIABLE.name]: WAIT_VARIABLE.value },
		stdio: ['ignore', 'ignore', 'ignore', 'pipe', first, 'pipe'],
	});
	closeSync(first);
	const [, , , told, , order] = child.stdio as unknown as readonly Duplex[];
	const exited = once(child, 'exit');
	await once(told as Duplex, 'data');
	order?.destroy();
	assert.equal(await exited, [0, null]);
});

test('Z-17: a function with a variable that bash can not hand on, or takes only when it starts, is spawned', () => {
	for (const name of [
		'BASH_ENV',
		'GLOBIGNORE',
		'IFS',
		'IGNOREEOF',
		'OPTIND',
		'POSIXLY_CORRECT',
		'PS4',
		'PWD',
		'RANDOM',
		'SHLVL',
	])
		assert.not.ok(suitsShell({ GOOD: '1', [name]: '1' }), name);
	for (const name of ['UID', 'EUID', 'PPID', 'SHELLOPTS', 'BASHOPTS', 'a.b', '1st', 'with space', ''])
		assert.not.ok(suitsShell({ GOOD: '1', [name]: '1' }), name);
	assert.ok(suitsShell({ GOOD: '1', _x1: '', PATH: '/bin', UIDS: '1' }));
});

test.run();
