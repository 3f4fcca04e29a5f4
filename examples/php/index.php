<?php
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
    header('Content-Type: ' . ($_SERVER['CONTENT_TYPE'] ?? 'application/octet-stream'));
    echo file_get_contents('php://input');
    return;
}

$headers = array_filter(getallheaders(), fn ($name) => stripos($name, 'x-') === 0, ARRAY_FILTER_USE_KEY);
header('Content-Type: application/json; charset=utf-8');
echo json_encode([
    'message' => 'Hello from PHP',
    'method' => $_SERVER['REQUEST_METHOD'],
    'target' => $_SERVER['REQUEST_URI'],
    'headers' => $headers,
], JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE), "\n";
