import fs from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FIELDS, type FieldKey } from '../../src/config/schema.ts';
import { resolve, type SettingsContext, sourcesOf, withFolders, writeConfig } from './settings-bed.ts';

const test = suite<SettingsContext>('settings of scaling and sandbox');
withFolders(test);

test('U-50: how a function scales comes from settings of its own, or from strategy_config of the file', ({
	folder,
}) => {
	const { scaling, concurrentNumGiven } = resolve(folder);
	const defaults = { instancesMax: 400, requestsPerInstanceMax: 1, idleSeconds: 60, idle: 'run' };
	const queue = { queueMax: 1000, queueSeconds: 10, reserved: { count: 0, tactics: [] } };
	assert.equal(scaling, { ...defaults, ...queue });
	assert.is(concurrentNumGiven, false);
	writeConfig(folder, { strategy_config: { concurrency: 5, concurrent_num: 20 }, idle: 'freeze' });
	const given = resolve(folder, { flags: { concurrency: ['-1'], queueTimeout: ['3'] } });
	const { instancesMax, requestsPerInstanceMax, idle, queueSeconds } = given.scaling;
	assert.equal([instancesMax, requestsPerInstanceMax, idle, queueSeconds], [-1, 20, 'freeze', 3]);
	assert.is(given.concurrentNumGiven, true);
});

test('U-50: numbers of instances and requests outside their range are refused', ({ folder }) => {
	const wrong: Partial<Record<FieldKey, string[]>> = {
		concurrency: ['-2', '1001', '1.5', ''],
		concurrentNum: ['0', '1001', '-1'],
		idleTimeout: ['0', '86401'],
		idle: ['sleep'],
		queue: ['-1', '100001'],
		queueTimeout: ['0', '301'],
		reserved: ['-1', '1001', 'two'],
		tmp: ['513', '0'],
	};
	for (const [key, texts] of Object.entries(wrong) as [FieldKey, string[]][]) {
		for (const text of texts) {
			assert.equal(sourcesOf(folder, { flags: { [key]: [text] } }), [FIELDS[key].flag], `${key} ${text}`);
		}
	}
});

test('U-50: strategy_config beside the setting that it holds, and an unknown key in it, are mistakes', ({
	folder,
}) => {
	writeConfig(folder, { concurrency: 3, strategy_config: { concurrency: 5, max: 1 } });
	const expected = ['strategy_config.concurrency', 'strategy_config.max'];
	assert.equal(
		sourcesOf(folder, {}).toSorted(),
		expected.map((key) => `httpfn.json: ${key}`),
	);
	writeConfig(folder, { strategy_config: 5 });
	assert.equal(sourcesOf(folder, {}), ['httpfn.json: strategy_config']);
});

const DAY = { name: 'day', cron: '0 0 8 * * ?', count: 3, start: '2026-01-01T00:00:00+08:00' };

test('U-51: reserved instances are a number, or an object with rules by time', ({ folder }) => {
	assert.equal(resolve(folder, { flags: { reserved: ['2'] } }).scaling.reserved, { count: 2, tactics: [] });
	writeConfig(folder, { reserved: { count: 1, tactics: [{ ...DAY, end: '2026-06-01T00:00:00Z' }] } });
	const { name, cron, count } = DAY;
	const times = { startMs: Date.UTC(2025, 11, 31, 16), endMs: Date.UTC(2026, 5, 1) };
	assert.equal(resolve(folder).scaling.reserved, { count: 1, tactics: [{ name, cron, count, ...times }] });
});

test('U-51: a rule needs a zone with its times, an end after its start, a name of its own and a readable cron', ({
	folder,
}) => {
	const wrong: object[][] = [
		[{ ...DAY, end: '2026-06-01' }],
		[{ ...DAY, end: '2025-06-01T00:00:00Z' }],
		[
			{ ...DAY, end: '2026-06-01T00:00:00Z' },
			{ ...DAY, end: '2026-06-01T00:00:00Z' },
		],
		[{ ...DAY, end: '2026-06-01T00:00:00Z', cron: 'every day' }],
	];
	for (const tactics of wrong) {
		writeConfig(folder, { reserved: { tactics } });
		assert.is(sourcesOf(folder, {}).length, 1, JSON.stringify(tactics));
	}
});

test('U-52: what a function may see and reach takes the spelling of this file and that of the platform', ({
	folder,
}) => {
	const open = { mode: 'open', allow: [], publicSource: null, disablePublicNetwork: false };
	const { tmpMb, egress, interpreters, expose } = resolve(folder).sandbox;
	assert.equal([tmpMb, egress, interpreters, expose], [512, open, {}, []]);
	assert.is(resolve(folder, { flags: { egress: ['none'] } }).sandbox.egress.mode, 'none');
	const rules = { mode: 'allow', allow: ['10.0.0.0/8'] };
	const platform = { ...rules, public_source: '203.0.113.5', disable_public_network: true };
	writeConfig(folder, { egress: platform, expose: ['models'], interpreters: { nodejs: '/usr/bin/node' } });
	const { sandbox } = resolve(folder);
	assert.equal(sandbox.egress, { ...rules, publicSource: '203.0.113.5', disablePublicNetwork: true });
	assert.equal(sandbox.expose, [path.join(folder, 'models')]);
	writeConfig(folder, { egress: { publicSource: '203.0.113.5', public_source: '203.0.113.6' } });
	assert.equal(sourcesOf(folder, {}), ['httpfn.json: egress']);
});

test('U-52: an egress rule that is no address, block or name is refused', ({ folder }) => {
	for (const egress of [{ mode: 'allow', allow: ['10.0.0.0/33'] }, { publicSource: 'here' }, 'closed']) {
		writeConfig(folder, { egress });
		assert.equal(sourcesOf(folder, {}), ['httpfn.json: egress'], JSON.stringify(egress));
	}
});

test('U-53: the config file, the env file and the runtime folder are hidden from the function', ({
	folder,
}) => {
	writeConfig(folder, {});
	fs.writeFileSync(path.join(folder, '.env'), '');
	const { hide } = resolve(folder, {
		flags: { envFile: ['.env'] },
		environment: { XDG_RUNTIME_DIR: '/run/x' },
	}).sandbox;
	assert.equal(hide, ['/run/x/httpfn', path.join(folder, 'httpfn.json'), path.join(folder, '.env')]);
});

test.run();
