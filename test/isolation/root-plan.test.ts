import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { programFolders } from '../../src/isolation/program-folders.ts';
import { planRoot } from '../../src/isolation/root-plan.ts';

const test = suite('root plan');
const folder = realpathSync(mkdtempSync('/var/tmp/httpfn-root-'));
const NOTHING = { expose: [], hide: [] };

test.after(() => rmSync(folder, { recursive: true }));

test('I-10: system folders are shown; those of people, and what changes while it runs, are not', () => {
	const { shown, links } = planRoot(NOTHING, '/usr/bin:/bin');
	assert.ok(shown.includes('/usr'));
	assert.ok(shown.includes('/etc'));
	for (const name of ['/home', '/root', '/opt', '/srv', '/var', '/run', '/tmp', '/dev', '/proc']) {
		assert.not.ok(shown.includes(name), name);
		assert.not.ok(
			links.some(([path]) => path === name),
			name,
		);
	}
});

test('I-11: a folder of PATH is shown wherever it is, with the libraries beside it, and nothing else of its parent', () => {
	const home = join(folder, 'home');
	for (const name of ['bin', 'lib', 'secrets']) mkdirSync(join(home, name), { recursive: true });
	const { shown } = planRoot(NOTHING, `${join(home, 'bin')}:/usr/bin`);
	assert.ok(shown.includes(join(home, 'bin')));
	assert.ok(shown.includes(join(home, 'lib')));
	assert.not.ok(shown.some((path) => join(home, 'secrets').startsWith(path)));
});

test('I-12: what the setting expose names is shown; the root of the host never is', () => {
	const models = join(folder, 'models');
	mkdirSync(models);
	const { shown } = planRoot({ expose: [models, '/', join(folder, 'missing')], hide: [] }, '/');
	assert.ok(shown.includes(models));
	assert.not.ok(shown.includes('/'));
	assert.not.ok(shown.includes(join(folder, 'missing')));
});

test('I-13: what is to be hidden is covered where it lies in something shown', () => {
	const shownFolder = join(folder, 'shown');
	mkdirSync(join(shownFolder, 'state'), { recursive: true });
	const plan = planRoot(
		{ expose: [shownFolder], hide: [join(shownFolder, 'state'), join(folder, 'elsewhere')] },
		'',
	);
	assert.equal(plan.hidden, [join(shownFolder, 'state')]);
});

test('I-14: an interpreter on PATH that is a link is shown where it really is, and found there', () => {
	const [links, real] = [join(folder, 'links'), join(folder, 'real/bin')];
	for (const path of [links, real]) mkdirSync(path, { recursive: true });
	writeFileSync(join(real, 'node'), '');
	symlinkSync(join(real, 'node'), join(links, 'node'));
	assert.ok(planRoot(NOTHING, links).shown.includes(real));
	assert.equal(programFolders(links), [links, real]);
});

test('I-15: nothing of the host’s /tmp is shown: an instance has its own there', () => {
	const here = mkdtempSync('/tmp/httpfn-root-');
	try {
		mkdirSync(join(here, 'bin'));
		assert.equal(
			planRoot({ expose: [here], hide: [] }, join(here, 'bin')).shown.filter((path) =>
				path.startsWith('/tmp'),
			),
			[],
		);
		assert.equal(programFolders(join(here, 'bin')), []);
	} finally {
		rmSync(here, { recursive: true });
	}
});

test.run();
