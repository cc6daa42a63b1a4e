<?php
/** ewb_write_gold(): the ground truth, from the descriptions and WordPress' own tables, never from served HTML. */
require_once __DIR__ . '/render.php';

/** What a reader sees for a piece of inline HTML: WordPress' typography applied, tags dropped. */
function ewb_text($html) {
    $t = html_entity_decode(wp_strip_all_tags(wptexturize($html)), ENT_QUOTES | ENT_HTML5, 'UTF-8');
    return trim(preg_replace('/[\s\x{00A0}]+/u', ' ', $t));
}

function ewb_iso($local) {
    return (new DateTimeImmutable($local, new DateTimeZone(EWB_TZ)))->format('c');
}

function ewb_author_gold($login) {
    $u = get_user_by('login', $login);
    return ['name' => $u->display_name, 'slug' => $u->user_nicename, 'url' => get_author_posts_url($u->ID)];
}

function ewb_related_gold($ids) {
    $out = [];
    foreach ($ids as $id) {
        $p = get_post($id);
        if (!$p || 'publish' !== $p->post_status) {
            continue;
        }
        $login = get_the_author_meta('user_login', $p->post_author);
        $out[] = [
            'title' => ewb_text($p->post_title),
            'url' => get_permalink($p),
            'author' => 'ewb-archives' === $login ? 'EWB Archives' : null,
        ];
    }
    return $out;
}

function ewb_gold($id) {
    $p = get_post($id);
    $s = json_decode(get_post_meta($id, '_ewb_spec', true), true);
    $body = [];
    $page = 1;
    $images = [];
    foreach ($s['blocks'] as $b) {
        $add = function ($type, $text, $more = []) use (&$body, &$page) {
            $body[] = ['type' => $type, 'text' => $text, 'page' => $page] + $more;
        };
        switch ($b['t']) {
            case 'p':
            case 'h2':
            case 'h3':
            case 'q':
            case 'a':
            case 'note':
            case 'bio':
            case 'pullquote':
                $add($b['t'], ewb_text($b['html']));
                break;
            case 'quote':
                $add('quote', ewb_text($b['html']), ['cite' => $b['cite'] ? ewb_text($b['cite']) : null]);
                break;
            case 'ul':
            case 'ol':
                foreach ($b['items'] as $x) {
                    $add('li', ewb_text($x));
                }
                break;
            case 'table':
                $add('table', '', ['head' => $b['head'], 'rows' => $b['rows'], 'caption' => ewb_text($b['caption'])]);
                break;
            case 'embed':
                $add('embed', $b['text'], ['provider' => $b['provider'], 'url' => $b['url']]);
                break;
            case 'readalso':
                if (isset($s['related'][$b['n']]) && get_post($s['related'][$b['n']])) {
                    $add(
                        'readalso',
                        ewb_text('<strong>Read also:</strong> ' . get_post_field('post_title', $s['related'][$b['n']])),
                    );
                }
                break;
            case 'nextpage':
                $page++;
                break;
        }
    }
    foreach ($s['images'] as $im) {
        $images[] = [
            'role' => $im['role'],
            'url' => wp_get_attachment_url($im['id']),
            'caption_line' => ewb_text(ewb_caption_text($im)),
            'caption' => ewb_text($im['caption']),
            'credit' => '' === $im['credit'] ? null : ewb_text($im['credit']),
            'alt' => $im['alt'],
        ];
    }
    $cats = [];
    foreach (wp_get_post_categories($id, ['fields' => 'all']) as $t) {
        $cats[] = ['name' => html_entity_decode($t->name), 'slug' => $t->slug];
    }
    $tags = array_map('html_entity_decode', wp_get_post_tags($id, ['fields' => 'names']));
    sort($tags);
    $authors = [ewb_author_gold($s['author'])];
    if ($s['coauthor']) {
        $authors[] = ewb_author_gold($s['coauthor']);
    }
    $url = get_permalink($id);
    return [
        'id' => (int) $id,
        'url' => $url,
        'status' => $p->post_status,
        'shape' => $s['shape'],
        'editor' => $s['editor'],
        'language' => $s['lang'],
        'headline' => ewb_text($p->post_title),
        'excerpt' => '' === $p->post_excerpt ? null : ewb_text($p->post_excerpt),
        'authors' => $authors,
        'published' => ewb_iso($p->post_date),
        'modified' => ewb_iso($p->post_modified),
        'sections' => $cats,
        'tags' => $tags,
        'dateline' => $s['dateline'],
        'images' => $images,
        'body' => $body,
        'pages' => $page,
        'related' => ewb_related_gold($s['related']),
        'protected' => '' !== $p->post_password,
    ];
}

function ewb_write_jsonl($file, $rows) {
    $tmp = "$file.tmp";
    $h = fopen($tmp, 'w');
    foreach ($rows as $x) {
        fwrite($h, json_encode($x, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n");
    }
    fclose($h);
    rename($tmp, $file);
}

/** posts.jsonl, hidden.jsonl, pages.jsonl in $dir. */
function ewb_write_gold($dir) {
    global $wpdb;
    wp_mkdir_p($dir);
    $posts = [];
    $hidden = [];
    $pages = [];
    $ids = $wpdb->get_col(
        "SELECT p.ID FROM $wpdb->posts p JOIN $wpdb->postmeta m ON m.post_id = p.ID AND m.meta_key = '_ewb_spec'
        WHERE p.post_type = 'post' ORDER BY p.post_date DESC, p.ID DESC",
    );
    foreach (array_chunk($ids, 500) as $chunk) {
        _prime_post_caches($chunk);
        foreach ($chunk as $id) {
            $g = ewb_gold($id);
            if ('publish' !== $g['status']) {
                $hidden[] = ['expect' => 'absent', 'reason' => $g['status'], 'p' => home_url("/?p=$id")] + $g;
            } elseif ($g['protected']) {
                $hidden[] = ['expect' => 'listed without body', 'reason' => 'password'] + $g;
            } else {
                $posts[] = $g;
            }
        }
        if (count($ids) > 1000) {
            wp_cache_flush();
        }
    }
    foreach (get_posts(['post_type' => 'page', 'numberposts' => -1, 'orderby' => 'ID', 'order' => 'ASC']) as $p) {
        $pages[] = [
            'id' => $p->ID,
            'url' => get_permalink($p),
            'title' => ewb_text($p->post_title),
            'pages' => 1 + substr_count($p->post_content, '<!--nextpage-->'),
        ];
    }
    ewb_write_jsonl("$dir/posts.jsonl", $posts);
    ewb_write_jsonl("$dir/hidden.jsonl", $hidden);
    ewb_write_jsonl("$dir/pages.jsonl", $pages);
}
