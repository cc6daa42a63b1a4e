<?php
/** ewb_insert(): a described post into WordPress, with its pictures, comments and related posts. */
require_once __DIR__ . '/spec.php';
require_once __DIR__ . '/render.php';

function ewb_admin() {
    wp_set_current_user(1);
    kses_remove_filters();
    wp_suspend_cache_invalidation(false);
    remove_action('post_updated', 'wp_save_post_revision', 10);
    remove_action('do_pings', 'do_all_pings', 10);
    // wp_insert_post() sets the modified date itself; the fixture decides it instead
    add_filter(
        'wp_insert_post_data',
        function ($data) {
            if (!empty($GLOBALS['ewb_modified'])) {
                $data['post_modified'] = $GLOBALS['ewb_modified'];
                $data['post_modified_gmt'] = get_gmt_from_date($GLOBALS['ewb_modified']);
            }
            return $data;
        },
        99,
    );
}

/** A pool of pictures drawn once; each attachment gets its own copy, made unique by a JPEG comment. */
function ewb_pool() {
    static $pool = null;
    if (null !== $pool) {
        return $pool;
    }
    $sizes = ['full' => [800, 450], 'medium' => [300, 169], 'thumbnail' => [150, 150], 'medium_large' => [768, 432]];
    for ($i = 0; $i < 16; $i++) {
        $r = new EWB_Rand("pool$i");
        $im = imagecreatetruecolor(800, 450);
        [$a, $b, $c] = [$r->int(60, 200), $r->int(60, 200), $r->int(60, 200)];
        for ($y = 0; $y < 450; $y++) {
            imageline(
                $im,
                0,
                $y,
                800,
                $y,
                imagecolorallocate($im, (int) (($a * (450 - $y)) / 450), (int) (($b * $y) / 450), $c),
            );
        }
        for ($n = 0; $n < 12; $n++) {
            imagefilledellipse(
                $im,
                $r->int(0, 800),
                $r->int(150, 450),
                $r->int(30, 120),
                $r->int(60, 260),
                imagecolorallocate($im, $r->int(0, 255), $r->int(0, 255), $r->int(0, 255)),
            );
        }
        imagestring($im, 5, 20, 20, "EWB test picture $i", imagecolorallocate($im, 255, 255, 255));
        foreach ($sizes as $name => $wh) {
            $to = imagecreatetruecolor($wh[0], $wh[1]);
            if ('thumbnail' === $name) {
                imagecopyresampled($to, $im, 0, 0, 175, 0, 150, 150, 450, 450);
            } else {
                imagecopyresampled($to, $im, 0, 0, 0, 0, $wh[0], $wh[1], 800, 450);
            }
            ob_start();
            imagejpeg($to, null, 70);
            $pool[$i][$name] = [ob_get_clean(), $wh[0], $wh[1]];
            imagedestroy($to);
        }
        imagedestroy($im);
    }
    return $pool;
}

function ewb_attach($post_id, $spec, $n) {
    $im = $spec['images'][$n];
    $pool = ewb_pool();
    $pic = $pool[($spec['k'] * 5 + $n) % count($pool)];
    $dir = substr($spec['date'], 0, 4) . '/' . substr($spec['date'], 5, 2);
    $up = wp_get_upload_dir()['basedir'];
    wp_mkdir_p("$up/$dir");
    $base = substr(sanitize_title(remove_accents($im['caption'])), 0, 60);
    $base = (preg_match('/^[a-z0-9-]+$/', $base) ? $base : 'image') . "-{$spec['k']}-$n";
    $note = 'ewb ' . $spec['k'] . '-' . $n;
    $meta = ['width' => 800, 'height' => 450, 'file' => "$dir/$base.jpg", 'sizes' => [], 'image_meta' => []];
    foreach ($pic as $name => [$bytes, $w, $h]) {
        $file = 'full' === $name ? "$base.jpg" : "$base-{$w}x$h.jpg";
        file_put_contents(
            "$up/$dir/$file",
            substr($bytes, 0, 2) . "\xFF\xFE" . pack('n', strlen($note) + 2) . $note . substr($bytes, 2),
        );
        touch("$up/$dir/$file", strtotime(get_gmt_from_date($spec['date']) . ' UTC'));
        if ('full' !== $name) {
            $meta['sizes'][$name] = ['file' => $file, 'width' => $w, 'height' => $h, 'mime-type' => 'image/jpeg'];
        }
    }
    $id = wp_insert_attachment(
        wp_slash([
            'post_title' => $base,
            'post_excerpt' => ewb_caption_text($im),
            'post_mime_type' => 'image/jpeg',
            'post_status' => 'inherit',
            'post_date' => $spec['date'],
            'post_parent' => $post_id,
            'post_author' => get_user_by('login', $spec['author'])->ID,
            'post_content' => '',
            'comment_status' => 'closed',
            'ping_status' => 'closed',
        ]),
        "$up/$dir/$base.jpg",
        $post_id,
    );
    wp_update_attachment_metadata($id, $meta);
    if ('' !== $im['alt']) {
        update_post_meta($id, '_wp_attachment_image_alt', wp_slash($im['alt']));
    }
    return $id;
}

/** Inserts one post with its pictures; returns its id. $recent: [[id, topic], ...], newest last. */
function ewb_insert($spec, &$recent) {
    static $cats = null;
    if (null === $cats) {
        foreach (get_terms(['taxonomy' => 'category', 'hide_empty' => false]) as $t) {
            $cats[$t->slug] = $t->term_id;
        }
    }
    $r = new EWB_Rand('rel' . $spec['k']);
    $same = array_column(array_filter(array_slice($recent, -200), fn($x) => $x[1] === $spec['topic']), 0);
    $any = array_diff(array_column(array_slice($recent, -60), 0), $same);
    $spec['related'] = array_slice(array_merge($r->some($same, 2), $r->some($any, 3)), 0, 3);

    $GLOBALS['ewb_modified'] = $spec['modified'] ?: $spec['date'];
    $author = get_user_by('login', $spec['author'])->ID;
    $id = wp_insert_post(
        wp_slash([
            'post_title' => $spec['headline'],
            'post_name' => $spec['slug'],
            'post_excerpt' => $spec['excerpt'],
            'post_content' => '-',
            'post_date' => $spec['date'],
            'post_status' => $spec['status'],
            'post_author' => $author,
            'post_password' => $spec['password'],
            'post_category' => array_map(fn($x) => $cats[$x], array_unique($spec['sections'])),
            'tags_input' => $spec['tags'],
            'comment_status' => $spec['comments'] ? 'open' : 'closed',
            'ping_status' => 'closed',
        ]),
        true,
    );
    if (is_wp_error($id)) {
        fwrite(STDERR, $id->get_error_message() . "\n");
        exit(1);
    }
    $GLOBALS['ewb_modified'] = null;
    foreach (array_keys($spec['images']) as $n) {
        $spec['images'][$n]['id'] = ewb_attach($id, $spec, $n);
    }
    ewb_store($id, $spec);
    if (null !== $spec['lead']) {
        update_post_meta($id, '_thumbnail_id', $spec['images'][$spec['lead']]['id']);
    }
    if ('en' !== $spec['lang']) {
        update_post_meta($id, '_ewb_locale', $spec['locale']);
    }
    if ($spec['coauthor']) {
        update_post_meta($id, '_ewb_coauthor', get_user_by('login', $spec['coauthor'])->ID);
    }
    if ($spec['sticky']) {
        stick_post($id);
    }
    for ($n = 0; $n < $spec['comments']; $n++) {
        wp_insert_comment([
            'comment_post_ID' => $id,
            'comment_author' => 'Reader ' . ($n + 1),
            'comment_author_email' => "reader$n@example.org",
            'comment_content' =>
                'Comment ' .
                ($n + 1) .
                ': I do not agree with everything in this article, but thank you for publishing it.',
            'comment_date' => $spec['date'],
            'comment_date_gmt' => get_gmt_from_date($spec['date']),
            'comment_approved' => 1,
        ]);
    }
    if ('publish' === $spec['status'] && '' === $spec['password']) {
        $recent[] = [$id, $spec['topic']];
    }
    return $id;
}

/** Writes the description, its rendering and the related posts into the post row, without moving its dates. */
function ewb_store($id, $spec) {
    global $wpdb;
    $wpdb->update($wpdb->posts, ['post_content' => ewb_render($spec)], ['ID' => $id]);
    update_post_meta(
        $id,
        '_ewb_spec',
        wp_slash(wp_json_encode($spec, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES)),
    );
    update_post_meta($id, '_ewb_related', $spec['related']);
    clean_post_cache($id);
}
