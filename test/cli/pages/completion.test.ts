import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../../../src/cli/commands.ts';
import { allCommands } from '../../../src/cli/find-command.ts';
import { bashCompletion } from '../../../src/cli/pages/bash-completion.ts';
import { completionModel } from '../../../src/cli/pages/completion-model.ts';
import { fishCompletion } from '../../../src/cli/pages/fish-completion.ts';
import { zshCompletion } from '../../../src/cli/pages/zsh-completion.ts';
import { runSource } from '../../harness/source-process.ts';
import { userHome } from '../remote/user-home.ts';

const test = suite('httpfn completion');
const COMMANDS = await loadCommands();
const MODEL = completionModel(COMMANDS);
const run = promisify(execFile);

/** What bash offers for a line, whose last word is being typed. `=` and `:` part words, as they do when bash reads a line. */
async function offered(line: string, folder = '.'): Promise<string[]> {
	const words = line.split(' ').flatMap((word) => word.split(/([=:])/).filter((part) => part !== ''));
	if (line.endsWith(' ')) words.push('');
	const quoted = words.map((word) => `'${word}'`).join(' ');
	const script = `${bashCompletion(MODEL)}
compopt() { :; }
COMP_WORDS=(${quoted}) COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)) COMP_LINE='${line}'
_httpfn
printf '%s\\n' "\${COMPREPLY[@]}"`;
	const { stdout } = await run('bash', ['--norc', '-c', script], { cwd: folder });
	return stdout.split('\n').filter((word) => word !== '');
}

test('U-109: bash completes commands, and the second word of those that have two', async () => {
	assert.equal(
		(await offered('httpfn ')).slice(0, MODEL.nodes.length),
		MODEL.nodes.map(({ name }) => name),
	);
	assert.equal(await offered('httpfn de'), ['deploy', 'delete']);
	assert.equal(await offered('httpfn alias '), ['list', 'set', 'remove', '--help']);
	assert.equal(await offered('httpfn help de'), ['deploy', 'delete']);
});

test('U-109: bash completes the options of every command', async () => {
	for (const { name, options } of allCommands(COMMANDS)) {
		const found = await offered(`httpfn ${name} --`);
		for (const { flag } of options) assert.ok(found.includes(flag), `${name} ${flag}`);
	}
	assert.ok((await offered('httpfn run --no-')).includes('--no-stream'));
	assert.ok((await offered('httpfn logs hello -')).includes('-f'));
});

test('U-109: bash completes values that are known, after a space and after =, and no others', async () => {
	assert.equal(await offered('httpfn run --isolation '), ['auto', 'namespace', 'direct']);
	assert.equal(await offered('httpfn run --isolation=n'), ['namespace']);
	assert.equal(await offered('httpfn deploy ./hello --memory 25'), ['256', '2560']);
	assert.equal(await offered('httpfn completion '), ['bash', 'zsh', 'fish']);
	assert.equal(await offered('httpfn run --name '), []);
});

test('U-109: bash completes files for options that take one, and folders where a function is wanted', async () => {
	await using home = await userHome();
	await run('mkdir', ['hello'], { cwd: home.path });
	await run('touch', ['http.json'], { cwd: home.path });
	assert.equal(await offered('httpfn run h', home.path), ['hello']);
	assert.equal((await offered('httpfn run hello --config h', home.path)).toSorted(), ['hello', 'http.json']);
	assert.equal(await offered('httpfn run --memory 128 h', home.path), ['hello']);
	assert.equal(await offered('httpfn run hello h', home.path), []);
});

test('U-109: the scripts for zsh and fish know every command, option and value too', () => {
	const [zsh, fish] = [zshCompletion(MODEL), fishCompletion(MODEL)];
	for (const { name, options } of MODEL.commands) {
		assert.match(zsh, `\n\t'${name}') _arguments `);
		for (const { flags } of options) {
			for (const flag of flags) {
				assert.match(zsh, `'${flag}`);
				assert.match(
					fish,
					`-n '__httpfn_in ${name}' -${flag.startsWith('--') ? `l ${flag.slice(2)}` : `s ${flag.slice(1)}`} `,
				);
			}
		}
	}
	assert.match(zsh, '(auto namespace direct)');
	assert.match(fish, "'auto namespace direct'");
});

test('U-109: the command prints the script of the shell that is asked for, and knows no other', async () => {
	const [bash, other, none] = await Promise.all([
		runSource('src/cli/main.ts', ['completion', 'bash']),
		runSource('src/cli/main.ts', ['completion', 'tcsh']),
		runSource('src/cli/main.ts', ['completion']),
	]);
	assert.equal([bash.code, bash.stdout], [0, bashCompletion(MODEL)]);
	assert.equal([other.code, none.code], [2, 2]);
	assert.match(other.stderr, 'wanted one of bash, zsh, fish');
});

test.run();
