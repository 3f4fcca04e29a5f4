import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadCommands } from '../../../src/cli/commands.ts';
import { allCommands } from '../../../src/cli/find-command.ts';
import { manualPage } from '../../../src/cli/pages/manual-page.ts';
import { runSource } from '../../harness/source-process.ts';

const test = suite('httpfn man');
const COMMANDS = await loadCommands();
const PAGE = manualPage(COMMANDS, '1.2.3');
/** Requests of the man macros, and of roff, that the page is made of. */
const REQUESTS = new Set(['.TH', '.SH', '.SS', '.TP', '.PP', '.B', '.I', '.nf', '.fi']);

test('U-110: the manual page has every command with all its options and examples', () => {
	const shown = PAGE.replaceAll('\\-', '-')
		.replaceAll('\\e', '\\')
		.replaceAll('\\(dq', '"')
		.replaceAll('\\&', '');
	for (const { name, options, examples } of allCommands(COMMANDS)) {
		const from = shown.search(new RegExp(`^\\.SS "httpfn ${name}[ "]`, 'm'));
		assert.ok(from !== -1, name);
		const section = shown.slice(from, shown.indexOf('.SS', from + 1));
		for (const { flag } of options) assert.match(section, flag);
		for (const [line] of examples) assert.match(section, line);
	}
});

test('U-110: nothing in a text is taken for a request or an escape, and all of it is ASCII', () => {
	for (const line of PAGE.split('\n')) {
		if (/^[.']/.test(line)) assert.ok(REQUESTS.has(line.split(' ')[0] ?? ''), line);
		assert.match(line, /^[ -~]*$/);
		assert.not.match(line, /\\(?![-e&]|\(dq|\[u)/);
	}
});

test('U-110: httpfn man prints it', async () => {
	const { code, stdout } = await runSource('src/cli/main.ts', ['man']);
	assert.is(code, 0);
	assert.match(stdout, /^\.TH HTTPFN 1 "" "httpfn [^"]+" "User Commands"\n/);
});

test.run();
