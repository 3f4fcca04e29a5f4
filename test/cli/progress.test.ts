import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openProgress } from '../../src/cli/progress.ts';
import type { DescriptorSink } from '../../src/telemetry/descriptor-sink.ts';

const test = suite('openProgress');

function written(): { readonly text: () => string; readonly stderr: DescriptorSink } {
	const texts: string[] = [];
	const stderr = { writeText: (text: string) => texts.push(text) > 0 } as unknown as DescriptorSink;
	return { text: () => texts.join(''), stderr };
}

test('U-91: on a terminal there is one line, which changes and is gone at the end', () => {
	const { text, stderr } = written();
	const progress = openProgress({ terminal: true, stderr });
	progress.step('packing');
	progress.detail(`half ${'.'.repeat(200)}`);
	progress.end();
	progress.end();
	const shown = text().split('\r\u001b[K');
	assert.equal(shown.slice(0, 2), ['', 'packing']);
	assert.match(shown[2] ?? '', /^packing: half \.{65}$/);
	assert.equal(shown.slice(3), ['']);
});

test('U-91: elsewhere each step is a line, and how far one is goes untold', () => {
	const { text, stderr } = written();
	const progress = openProgress({ terminal: false, stderr });
	progress.step('packing');
	progress.detail('half');
	progress.step('uploading\u001b[2J');
	progress.end();
	assert.is(text(), 'packing\nuploading\\u001b[2J\n');
});

test.run();
