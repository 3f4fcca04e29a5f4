from flask import Flask, Response, jsonify, request

app = Flask(__name__)


@app.get('/', defaults={'path': ''})
@app.get('/<path:path>')
def describe(path):
    return jsonify(
        message='Hello from Flask',
        method=request.method,
        target=request.environ['RAW_URI'],
        headers={name: value for name, value in request.headers if name.lower().startswith('x-')},
    )


@app.post('/', defaults={'path': ''})
@app.post('/<path:path>')
def echo(path):
    return Response(request.get_data(), content_type=request.content_type or 'application/octet-stream')


app.run(host='127.0.0.1', port=8000)
