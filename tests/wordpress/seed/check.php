<?php
/**
 * Compares what the running site serves with the ground truth: plain HTTP and DOM, no WordPress.
 * Arguments: the ground truth's folder, the port.
 */
$dir = $argv[1];
$base = "http://127.0.0.1:$argv[2]/";
$rows = fn($f) => is_file("$dir/$f")
    ? array_map(fn($l) => json_decode($l, true), file("$dir/$f", FILE_IGNORE_NEW_LINES))
    : [];
$bad = 0;
$n = 0;
function get_url($u, &$code = 0, &$head = []) {
    $b = @file_get_contents(
        $u,
        false,
        stream_context_create(['http' => ['ignore_errors' => true, 'timeout' => 60, 'follow_location' => 1]]),
    );
    $head = $http_response_header ?? [];
    $code = 0;
    foreach ($head as $h) {
        if (preg_match('#^HTTP/\S+ (\d+)#', $h, $m)) {
            $code = (int) $m[1];
        }
    }
    return (string) $b;
}
function norm($s) {
    return trim(preg_replace('/[\s\x{00A0}]+/u', ' ', $s));
}
function dom($html) {
    $d = new DOMDocument();
    @$d->loadHTML('<?xml encoding="utf-8"?>' . $html);
    return new DOMXPath($d);
}
function has_class($c) {
    return "contains(concat(' ', normalize-space(@class), ' '), ' $c ')";
}
$fail = function ($g, $what) use (&$bad) {
    $bad++;
    if ($bad <= 40) {
        fwrite(STDERR, "MISMATCH {$g['url']} ({$g['shape']}, {$g['editor']}): $what\n");
    }
};

$posts = $rows('posts.jsonl');
foreach ($posts as $g) {
    $n++;
    $text = '';
    $x = null;
    for ($p = 1; $p <= $g['pages']; $p++) {
        $html = get_url($g['url'] . ($p > 1 ? "$p/" : ''), $code);
        if (200 !== $code) {
            $fail($g, "page $p answers $code");
            continue 2;
        }
        $y = dom($html);
        $x = $x ?? $y;
        // the body, less what the site adds
        foreach (
            $y->query(
                '//*[' .
                    has_class('related-posts') .
                    ' or ' .
                    has_class('ewb-share') .
                    ' or ' .
                    has_class('ewb-newsletter') .
                    ' or ' .
                    has_class('ewb-ad') .
                    ' or self::script or self::style]',
            )
            as $e
        ) {
            if ($p > 1 || !str_contains($e->getAttribute('class'), 'related-posts')) {
                $e->parentNode->removeChild($e);
            }
        }
        $c = $y
            ->query('//*[' . has_class('entry-content') . ' and not(ancestor::*[' . has_class('entry-content') . '])]')
            ->item(0);
        $parts = [];
        foreach ($y->query('.//text()', $c) as $t) {
            $parts[] = $t->nodeValue;
        }
        $text .= ' ' . implode('', $parts);
    }
    $flat = norm($text);
    $pos = 0;
    foreach ($g['body'] as $b) {
        $texts = 'table' === $b['type'] ? array_merge($b['head'], ...$b['rows']) : [$b['text']];
        foreach (array_filter($texts, fn($s) => '' !== $s) as $s) {
            $at = strpos($flat, norm($s), $pos);
            if (false === $at) {
                $fail($g, "body text missing or out of order: $s");
            } else {
                $pos = $at;
            }
        }
    }
    if ($g['dateline'] && !str_contains($flat, $g['dateline']['text'])) {
        $fail($g, 'dateline ' . $g['dateline']['text']);
    }
    $h1 = $x->query('//h1[' . has_class('entry-title') . ' or ' . has_class('wp-block-post-title') . ']')->item(0);
    if (!$h1 || norm($h1->textContent) !== norm($g['headline'])) {
        $fail($g, 'headline: ' . ($h1 ? norm($h1->textContent) : 'none'));
    }
    $caps = [];
    foreach ($x->query('//figcaption') as $e) {
        $caps[] = norm($e->textContent);
    }
    foreach ($g['images'] as $im) {
        $p1 = 1 === $g['pages'] || 'lead' === $im['role'];
        if ($p1 && !in_array(norm($im['caption_line']), $caps, true)) {
            $fail($g, "caption ({$im['role']}): {$im['caption_line']} | found: " . implode(' | ', $caps));
        }
    }
    $rel = [];
    foreach ($x->query('//*[' . has_class('related-posts__item') . ']') as $e) {
        $a = $x->query('.//h4/a', $e)->item(0);
        $w = $x->query('.//*[' . has_class('related-posts__author') . ']', $e)->item(0);
        $rel[] = [
            'title' => norm($a->textContent),
            'url' => $a->getAttribute('href'),
            'author' => $w ? norm($w->textContent) : null,
        ];
    }
    if ($rel !== array_map(fn($r) => ['title' => norm($r['title'])] + $r, $g['related'])) {
        $fail($g, 'related: ' . json_encode([$rel, $g['related']], JSON_UNESCAPED_UNICODE));
    }
    $whole = norm($x->document->textContent);
    foreach ($g['authors'] as $a) {
        if (!str_contains($whole, $a['name'])) {
            $fail($g, "author {$a['name']}");
        }
    }
    $time = null;
    foreach (
        $x->query('//time[' . has_class('entry-date') . '] | //*[' . has_class('wp-block-post-date') . ']//time')
        as $e
    ) {
        $time = $time ?? $e->getAttribute('datetime');
    }
    if ($time !== $g['published']) {
        $fail($g, "time: $time, published {$g['published']}");
    }
    if ($g['images']) {
        get_url($g['images'][0]['url'], $code);
        if (200 !== $code) {
            $fail($g, "picture answers $code");
        }
    }
}

foreach ($rows('hidden.jsonl') as $g) {
    $b = get_url($g['p'] ?? $g['url'], $code);
    if ('absent' === $g['expect'] && 404 !== $code) {
        $fail($g, "hidden post answers $code");
    }
    if ('absent' !== $g['expect'] && str_contains(norm(dom($b)->document->textContent), norm($g['body'][1]['text']))) {
        $fail($g, 'body of a protected post is served');
    }
}
foreach ($rows('edits.jsonl') as $e) {
    if ('deleted' === $e['action']) {
        get_url($e['url'], $code);
        if (404 !== $code) {
            $fail($e + ['shape' => '', 'editor' => ''], "deleted post answers $code");
        }
    }
}

// the interfaces list exactly the published posts
$want = array_column($posts, 'url');
sort($want);
$rest = [];
$mods = [];
for ($page = 1, $pages = 1; $page <= $pages; $page++) {
    $b = get_url(
        "{$base}wp-json/wp/v2/posts?per_page=100&page=$page&_fields=link,modified,content.protected",
        $code,
        $head,
    );
    foreach ($head as $h) {
        if (preg_match('/^X-WP-TotalPages: (\d+)/i', $h, $m)) {
            $pages = (int) $m[1];
        }
    }
    foreach (json_decode($b, true) ?: [] as $p) {
        if (!$p['content']['protected']) {
            $rest[] = $p['link'];
            $mods[$p['link']] = $p['modified'];
        }
    }
}
sort($rest);
if ($rest !== $want) {
    $bad++;
    fprintf(STDERR, "MISMATCH REST lists %d posts, ground truth %d\n", count($rest), count($want));
}
foreach ($posts as $g) {
    if (isset($mods[$g['url']]) && substr($g['modified'], 0, 19) !== $mods[$g['url']]) {
        $fail($g, "modified: REST {$mods[$g['url']]}, ground truth {$g['modified']}");
    }
}
$locs = function ($xml) {
    preg_match_all('#<loc>([^<]+)</loc>#', $xml, $m);
    return array_map('html_entity_decode', $m[1]);
};
$map = [];
foreach ($locs(get_url($base . 'wp-sitemap.xml')) as $u) {
    if (preg_match('#post-sitemap|sitemap-posts-post#', $u)) {
        $map = array_merge($map, $locs(get_url($u)));
    }
}
$map = array_values(array_diff($map, array_column($rows('hidden.jsonl'), 'url')));
sort($map);
if ($map !== $want) {
    $bad++;
    fprintf(STDERR, "MISMATCH sitemaps list %d posts, ground truth %d\n", count($map), count($want));
}
$feed = [];
for ($p = 1; $p < 10000; $p++) {
    $b = get_url("{$base}feed/?paged=$p", $code);
    if (200 !== $code || !preg_match_all('#<item>.*?<link>([^<]+)</link>#s', $b, $m)) {
        break;
    }
    $feed = array_merge($feed, $m[1]);
}
$feed = array_values(array_diff($feed, array_column($rows('hidden.jsonl'), 'url')));
sort($feed);
if ($feed !== $want) {
    $bad++;
    fprintf(STDERR, "MISMATCH feed pages list %d posts, ground truth %d\n", count($feed), count($want));
}

printf(
    "%d posts compared, REST %d, sitemaps %d, feed %d of %d; mismatches: %d\n",
    $n,
    count($rest),
    count($map),
    count($feed),
    count($want),
    $bad,
);
exit($bad ? 1 : 0);
