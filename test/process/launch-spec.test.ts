import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findBash } from '../../src/process/find-bash.ts';
import { markerOwner, newMarker } from '../../src/process/instance-marker.ts';
import { launchSpec } from '../../src/process/launch-spec.ts';
import { startTicks } from '../../src/process/process-table.ts';
import { settingsOf } from './support.ts';

const test = suite('launch spec');

test('S-1: the command is bash with the path of the bootstrap, in the code folder', () => {
	const settings = settingsOf('answers', { codeRoot: '/code' });
	const spec = launchSpec(settings, { PATH: '/bin', SECRET: 'x' }, '/bin/bash', 'marker');
	assert.is(spec.command, '/bin/bash');
	assert.equal(spec.args, ['/code/bootstrap']);
	assert.is(spec.cwd, '/code');
	assert.is(spec.environment.RUNTIME_CODE_ROOT, '/code');
	assert.is(spec.environment.PATH, '/bin');
	assert.is(spec.environment.SECRET, undefined);
});

test('S-1: bash is /bin/bash where that exists', () => {
	assert.is(findBash('/nowhere'), '/bin/bash');
});

test('S-30: every instance has a marker of its own that names its owner, and the user cannot replace it', () => {
	const settings = settingsOf('answers', { environment: { HTTPFN_INSTANCE: 'mine' } });
	const marker = newMarker();
	assert.is(launchSpec(settings, {}, '/bin/bash', marker).environment.HTTPFN_INSTANCE, marker);
	assert.is.not(newMarker(), marker);
	const owner = markerOwner(marker);
	assert.is(owner?.pid, process.pid);
	assert.is(owner?.startTicks, startTicks(process.pid));
});

test.run();
