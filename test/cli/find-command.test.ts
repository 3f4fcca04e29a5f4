import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../../src/cli/commands.ts';
import { findCommand } from '../../src/cli/find-command.ts';
import { runSource } from '../harness/source-process.ts';

const test = suite('findCommand');
const COMMANDS = await loadCommands();

test('U-111: two words name a command of a group, one names a command or a group', () => {
	const [alias, run, group] = [
		['alias', 'set', 'a'],
		['run', './x'],
		['alias', '--help'],
	].map((words) => findCommand(COMMANDS, words));
	assert.equal([alias?.kind === 'command' && alias.command.name, alias?.rest], ['alias set', ['a']]);
	assert.equal([run?.kind === 'command' && run.command.name, run?.rest], ['run', ['./x']]);
	assert.equal([group?.kind === 'group' && group.group.name, group?.rest], ['alias', ['--help']]);
});

test('U-21: an unknown second word is an error that names the nearest command', () => {
	assert.throws(
		() => findCommand(COMMANDS, ['alias', 'sett']),
		'alias sett: unknown command; nearest is alias set',
	);
});

test('U-111: a group alone explains itself and fails; with --help, or by help, it does not', async () => {
	const [alone, flag, help, verb] = await Promise.all(
		[['trigger'], ['trigger', '--help'], ['help', 'trigger'], ['help', 'trigger', 'add']].map((argv) =>
			runSource('src/cli/main.ts', argv),
		),
	);
	assert.equal([alone?.code, flag?.code, help?.code, verb?.code], [2, 0, 0, 0]);
	assert.is(alone?.stderr, help?.stdout);
	assert.is(flag?.stdout, help?.stdout);
	assert.match(verb?.stdout ?? '', 'Usage: httpfn trigger add NAME');
});

test.run();
