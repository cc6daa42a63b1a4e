<?php
/** Fills an empty WordPress with invented news. Argument: how many posts. */
require __DIR__ . '/load.php';
require __DIR__ . '/insert.php';
require __DIR__ . '/gold.php';
global $wpdb, $wp_rewrite;
$n = (int) $arguments[0];
ewb_admin();

foreach (
    [
        'timezone_string' => EWB_TZ,
        'date_format' => 'F j, Y',
        'time_format' => 'H:i',
        'blogdescription' => 'News from the region (test site)',
        'posts_per_page' => 10,
        'posts_per_rss' => 10,
        'rss_use_excerpt' => 0,
        'default_comment_status' => 'closed',
        'default_ping_status' => 'closed',
        'default_pingback_flag' => 0,
        'use_smilies' => 0,
        'blog_public' => 1,
        'show_on_front' => 'posts',
        'thumbnail_crop' => 1,
    ]
    as $key => $val
) {
    update_option($key, $val);
}
$wp_rewrite->set_permalink_structure('/%year%/%monthnum%/%day%/%postname%/');
foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $p) {
    wp_delete_post($p->ID, true);
}

foreach (EWB_AUTHORS as $a) {
    wp_insert_user([
        'user_login' => $a[0],
        'user_nicename' => $a[0],
        'display_name' => $a[1],
        'nickname' => $a[1],
        'description' => $a[2],
        'user_pass' => md5($a[0]),
        'user_email' => "$a[0]@example.org",
        'role' => 'author',
    ]);
}
foreach (EWB_CATEGORIES as $slug => [$name, $parent]) {
    wp_insert_term($name, 'category', [
        'slug' => $slug,
        'parent' => $parent ? get_term_by('slug', $parent, 'category')->term_id : 0,
    ]);
}

// --- posts, the oldest first
wp_defer_term_counting(true);
wp_defer_comment_counting(true);
$recent = [];
$made = 0;
$wpdb->query('SET autocommit=0');
$order = range(1, $n);
usort($order, fn($a, $b) => ewb_date($a) <=> ewb_date($b));
foreach ($order as $k) {
    $id = ewb_insert(ewb_spec($k), $recent);
    if (0 === ++$made % 100) {
        $wpdb->query('COMMIT');
        wp_cache_flush();
    }
}

// --- posts that a crawler must not get, or gets without the body
$extra = [
    ['draft', '', '2024-03-14 10:00:00'],
    ['draft', '', '2023-11-02 10:00:00'],
    ['pending', '', '2024-03-13 10:00:00'],
    ['private', '', '2024-03-12 10:00:00'],
    ['future', '', '2037-01-15 09:00:00'],
    ['future', '', '2037-02-20 09:00:00'],
    ['publish', 'secret', '2024-03-10 11:11:00'],
    ['publish', 'secret', '2023-10-05 11:11:00'],
];
foreach ($extra as $i => [$status, $pass, $date]) {
    $s = ewb_spec(100001 + $i);
    $s['status'] = $status;
    $s['password'] = $pass;
    $s['date'] = $date;
    $s['modified'] = '';
    $s['sticky'] = false;
    $s['comments'] = 0;
    $s['headline'] = ($pass ? 'Embargoed: ' : 'Not public: ') . $s['headline'];
    ewb_insert($s, $recent);
}

// --- pages
$long = [];
foreach (
    ['2003' => 'Thessaloniki', '2013' => 'the opening of negotiations', '2020' => 'the new methodology']
    as $y => $what
) {
    $long[] = "<h2>$y</h2>\n\n<p>The year of $what, as remembered by the editors of this test site.</p>";
}
foreach (
    [
        'About us' => '<p>This is a test site with synthetic articles.</p>',
        'Impressum' => '<p>Publisher: Test Newsroom. E-mail: office@example.org</p>',
        'Contact' => '<p>Write to office@example.org.</p>',
        'Timeline of enlargement' => implode("\n\n<!--nextpage-->\n\n", $long),
    ]
    as $title => $html
) {
    $GLOBALS['ewb_modified'] = '2022-05-09 12:00:00';
    wp_insert_post([
        'post_type' => 'page',
        'post_status' => 'publish',
        'post_title' => $title,
        'post_content' => $html,
        'post_author' => 1,
        'post_date' => '2022-05-09 12:00:00',
    ]);
    $GLOBALS['ewb_modified'] = null;
}
wp_defer_term_counting(false);
wp_defer_comment_counting(false);
update_option('ewb_most_read', array_slice(array_column($recent, 0), -25, 5));
$wpdb->query('COMMIT');
$wpdb->query('SET autocommit=1');
wp_cache_flush();
ewb_write_gold("$state/gold");
