import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readTemplate } from '../../src/template/read-template.ts';
import { templateFiles } from '../../src/template/template-files.ts';
import { TEMPLATES } from '../../src/template/templates.ts';

const ROOT = join(import.meta.dirname, '../..');

const test = suite('templates');

test('T-2: a template is all of an example folder, its README.md names its commands, and no two have one name', async () => {
	for (const template of TEMPLATES) {
		const { folder, files, setup, name } = template;
		const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '.'], {
			cwd: join(ROOT, 'examples', folder),
			encoding: 'utf8',
		});
		assert.equal([...files].sort(), listed.stdout.split('\n').filter(Boolean).sort(), name);
		const texts = await readTemplate(join(ROOT, 'examples'), template);
		for (const command of [...setup, 'httpfn run', 'curl ', template.test]) {
			assert.ok(texts['README.md']?.includes(`\n${command}`), `the README.md of ${name} has ${command}`);
		}
	}
	assert.is(new Set(TEMPLATES.map(({ name }) => name)).size, TEMPLATES.length);
});

test('T-10: a name for the function goes into its httpfn.json, beside what the template has there', async () => {
	const settings = async (name: string, given: string | null): Promise<unknown> => {
		const template = TEMPLATES.find((known) => known.name === name);
		if (template === undefined) throw new Error(`there is no template ${name}`);
		const text = (await templateFiles(template, given)).get('httpfn.json');
		return text === undefined ? null : JSON.parse(text);
	};
	assert.equal(await settings('node', null), null);
	assert.equal(await settings('node', 'greeter'), { name: 'greeter' });
	assert.equal(await settings('websocket', null), { timeout: 300 });
	assert.equal(await settings('websocket', 'chat'), { name: 'chat', timeout: 300 });
});

test.run();
