<?php
/** Loads WordPress for a script of this folder: php SCRIPT STATE HOST [ARGUMENT ...]. Leaves $state and $arguments. */
if ('cli' !== PHP_SAPI) {
    exit(1);
}
ini_set('memory_limit', '1024M');
$state = $argv[1];
$arguments = array_slice($argv, 3);
$_SERVER += [
    'HTTP_HOST' => $argv[2],
    'REQUEST_URI' => '/',
    'REQUEST_METHOD' => 'GET',
    'SERVER_PROTOCOL' => 'HTTP/1.1',
    'REMOTE_ADDR' => '127.0.0.1',
];
require "$state/www/wp-load.php";
