import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LogReader } from '../../src/config/access-log-fields.ts';
import { resolve, type SettingsContext, withFolders } from './settings-bed.ts';

const test = suite<SettingsContext>('who reads the access log');
withFolders(test);

const PERSON: LogReader = { terminal: true, coloured: true };

test('G-163: on a terminal run shows its requests to a person, in colours where there are any; elsewhere to nobody', ({
	folder,
}) => {
	assert.equal(resolve(folder, { reader: PERSON }).accessLog, { to: 2, format: 'text', coloured: true });
	const plain = resolve(folder, { reader: { terminal: true, coloured: false } });
	assert.equal(plain.accessLog, { to: 2, format: 'text', coloured: false });
	assert.is(resolve(folder).accessLog, null);
	assert.is(resolve(folder, { reader: PERSON, flags: { accessLog: ['off'] } }).accessLog, null);
});

test('G-163: what goes elsewhere is JSON without colours, unless the text is asked for', ({ folder }) => {
	const to = (accessLog: string, more = {}) =>
		resolve(folder, { reader: PERSON, flags: { accessLog: [accessLog], ...more } }).accessLog;
	assert.equal(to('stdout'), { to: 1, format: 'json', coloured: false });
	assert.equal(to('/f', { accessLogFormat: ['text'] }), { to: '/f', format: 'text', coloured: false });
	assert.equal(to('stderr', { accessLogFormat: ['combined'] }), {
		to: 2,
		format: 'combined',
		coloured: true,
	});
});

test.run();
