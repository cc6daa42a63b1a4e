<?php
/** Installs WordPress, where it is not installed yet. */
define('WP_INSTALLING', true);
require __DIR__ . '/load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
if (!is_blog_installed()) {
    wp_install('European Western Balkans', 'admin', 'admin@example.org', true, '', 'admin');
}
