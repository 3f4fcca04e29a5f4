import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkCodeFolder } from '../../src/process/code-folder.ts';
import { failure } from './support.ts';

const test = suite<{ folder: string }>('code folder');

/** The code of the error, and its message. */
function refusal(folder: string): Promise<{ code: string; message: string }> {
	return failure(Promise.resolve(folder).then(checkCodeFolder));
}

test.before.each(async (context) => {
	context.folder = await mkdtemp(join(tmpdir(), 'httpfn-'));
});
test.after.each(async ({ folder }) => {
	await rm(folder, { recursive: true });
});

test('S-2: a bootstrap without exec bit, shebang and final newline is accepted, a link to one too', async ({
	folder,
}) => {
	await writeFile(join(folder, 'start'), 'node server.js');
	await chmod(join(folder, 'start'), 0o644);
	await symlink('start', join(folder, 'bootstrap'));
	assert.is(checkCodeFolder(folder), 'node server.js');
});

test('S-2: a missing folder, and a file in its place, are refused', async ({ folder }) => {
	assert.is((await refusal(join(folder, 'none'))).code, 'ERR_CODE_FOLDER_MISSING');
	await writeFile(join(folder, 'file'), '');
	assert.is((await refusal(join(folder, 'file'))).code, 'ERR_CODE_FOLDER_MISSING');
});

test('S-2: another name is refused, and the message says which was found', async ({ folder }) => {
	assert.is((await refusal(folder)).code, 'ERR_BOOTSTRAP_MISSING');
	await writeFile(join(folder, 'bootstrap.sh'), 'node server.js\n');
	const { code, message } = await refusal(folder);
	assert.is(code, 'ERR_BOOTSTRAP_NAME');
	assert.ok(message.includes('bootstrap.sh'), message);
});

test('S-2: a bootstrap one folder down is refused, and the message says where it was found', async ({
	folder,
}) => {
	await mkdir(join(folder, 'demo'));
	await writeFile(join(folder, 'demo', 'bootstrap'), 'node server.js\n');
	const { code, message } = await refusal(folder);
	assert.is(code, 'ERR_BOOTSTRAP_NESTED');
	assert.ok(message.includes('demo/bootstrap'), message);
});

test('S-2: a directory, a dangling link, an empty file and CRLF line ends are refused', async ({
	folder,
}) => {
	const path = join(folder, 'bootstrap');
	await mkdir(path);
	assert.is((await refusal(folder)).code, 'ERR_BOOTSTRAP_NOT_FILE');
	await rm(path, { recursive: true });
	await symlink('nowhere', path);
	assert.is((await refusal(folder)).code, 'ERR_BOOTSTRAP_NOT_FILE');
	await rm(path);
	await writeFile(path, '');
	assert.is((await refusal(folder)).code, 'ERR_BOOTSTRAP_EMPTY');
	await writeFile(path, 'node server.js\r\n');
	assert.is((await refusal(folder)).code, 'ERR_BOOTSTRAP_CRLF');
});

test('S-2: a bootstrap that may not be read is refused', async ({ folder }) => {
	await writeFile(join(folder, 'bootstrap'), 'node server.js\n');
	await chmod(join(folder, 'bootstrap'), 0);
	// To root nothing is unreadable.
	const wanted = process.getuid?.() === 0 ? 'no error' : 'ERR_BOOTSTRAP_UNREADABLE';
	assert.is((await refusal(folder)).code, wanted);
});

test.run();
