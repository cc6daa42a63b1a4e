<?php
/**
 * Changes, deletes and adds posts, now; writes the ground truth anew and appends to edits.jsonl.
 * Arguments: how many of each.
 */
require __DIR__ . '/load.php';
require __DIR__ . '/insert.php';
require __DIR__ . '/gold.php';
ewb_admin();
global $wpdb;
$round = 1 + (int) get_option('ewb_round');
$r = new EWB_Rand("edit$round");
$tz = new DateTimeZone(EWB_TZ);
$at = new DateTimeImmutable('now', $tz);
$ids = $wpdb->get_col(
    "SELECT p.ID FROM $wpdb->posts p JOIN $wpdb->postmeta m ON m.post_id = p.ID AND m.meta_key = '_ewb_spec'
        WHERE p.post_type = 'post' AND p.post_status = 'publish' AND p.post_password = '' ORDER BY p.post_date DESC, p.ID DESC",
);
[$k, $j, $m] = array_map('intval', $arguments);
if ($k + $j > count($ids)) {
    fwrite(STDERR, 'only ' . count($ids) . " posts\n");
    exit(1);
}
$chosen = $r->some($ids, $k + $j);
$log = [];
$stamp = fn($n) => $at->modify("+$n seconds")->format('Y-m-d H:i:s');
$n = 0;
$gone = [];
foreach (array_slice($chosen, $k) as $id) {
    $gone[$id] = get_permalink($id);
}

foreach (array_slice($chosen, 0, $k) as $i => $id) {
    $before = ewb_gold($id);
    $spec = json_decode(get_post_meta($id, '_ewb_spec', true), true);
    $kind = [
        'paragraph added',
        'paragraph changed',
        'headline',
        'headline and body',
        'correction note',
        'caption',
        'paragraph removed',
    ][($round + $i) % 7];
    $ps = array_keys(array_filter($spec['blocks'], fn($b) => 'p' === $b['t']));
    if ('caption' === $kind && !$spec['images']) {
        $kind = 'headline';
    }
    if ('paragraph removed' === $kind && count($ps) < 4) {
        $kind = 'paragraph added';
    }
    if ('headline' === $kind || 'headline and body' === $kind) {
        $spec['headline'] = preg_replace('/ \[UPDATE \d+\]$/', '', $spec['headline']) . " [UPDATE $round]";
    }
    if ('paragraph added' === $kind || 'headline and body' === $kind) {
        $spec['blocks'][] = [
            't' => 'p',
            'html' => "UPDATE $round: The article was supplemented with the statement of the ministry, received after the publication.",
        ];
    }
    if ('paragraph changed' === $kind) {
        $x = $ps ? end($ps) : array_key_last($spec['blocks']);
        if (isset($spec['blocks'][$x]['html'])) {
            $spec['blocks'][$x]['html'] .= " This sentence was added in the round $round of edits.";
        }
    }
    if ('correction note' === $kind) {
        $spec['blocks'][] = [
            't' => 'note',
            'html' => "Correction $round: An earlier version of this article stated a wrong date.",
        ];
    }
    if ('paragraph removed' === $kind) {
        array_splice($spec['blocks'], end($ps), 1);
    }
    if ('caption' === $kind) {
        $spec['images'][0]['caption'] =
            preg_replace('/ \(archive \d+\)$/', '', $spec['images'][0]['caption']) . " (archive $round)";
        $wpdb->update(
            $wpdb->posts,
            ['post_excerpt' => ewb_caption_text($spec['images'][0])],
            ['ID' => $spec['images'][0]['id']],
        );
        clean_post_cache($spec['images'][0]['id']);
    }
    $GLOBALS['ewb_modified'] = $stamp($n++);
    wp_update_post(wp_slash(['ID' => $id, 'post_title' => $spec['headline'], 'post_content' => ewb_render($spec)]));
    $GLOBALS['ewb_modified'] = null;
    ewb_store($id, $spec);
    $log[] = [
        'round' => $round,
        'action' => 'changed',
        'kind' => $kind,
        'id' => (int) $id,
        'url' => get_permalink($id),
        'headline_before' => $before['headline'],
        'modified_before' => $before['modified'],
        'modified' => ewb_iso(get_post_field('post_modified', $id)),
    ];
}

foreach ($gone as $id => $url) {
    foreach (get_children(['post_parent' => $id, 'post_type' => 'attachment', 'fields' => 'ids']) as $a) {
        wp_delete_attachment($a, true);
    }
    $headline = ewb_text(get_post_field('post_title', $id));
    wp_delete_post($id, true);
    $log[] = [
        'round' => $round,
        'action' => 'deleted',
        'id' => (int) $id,
        'url' => $url,
        'headline_before' => $headline,
    ];
}
// "Read also" paragraphs are stored: bodies that named a deleted post are written anew, and their modified date stays
if ($gone) {
    foreach (
        $wpdb->get_col(
            "SELECT post_id FROM $wpdb->postmeta WHERE meta_key='_ewb_related' AND meta_value REGEXP ':(" .
                implode('|', array_keys($gone)) .
                ");'",
        )
        as $id
    ) {
        $spec = json_decode(get_post_meta($id, '_ewb_spec', true), true);
        if (array_filter($spec['blocks'], fn($b) => 'readalso' === $b['t'])) {
            $spec['blocks'] = array_values(
                array_filter(
                    $spec['blocks'],
                    fn($b) => 'readalso' !== $b['t'] || !isset($gone[$spec['related'][$b['n']] ?? 0]),
                ),
            );
            ewb_store($id, $spec);
        }
    }
}

$recent = [];
foreach (array_reverse(array_slice(array_diff($ids, array_keys($gone)), 0, 200)) as $id) {
    $recent[] = [(int) $id, json_decode(get_post_meta($id, '_ewb_spec', true), true)['topic']];
}
for ($i = 0; $i < $m; $i++) {
    $spec = ewb_spec(200000 + $round * 1000 + $i);
    $spec['date'] = $stamp($n++);
    $spec['modified'] = '';
    $spec['sticky'] = false;
    $spec['comments'] = 0;
    $id = ewb_insert($spec, $recent);
    if ('future' === get_post_status($id)) {
        wp_publish_post($id);
    }
    $log[] = [
        'round' => $round,
        'action' => 'added',
        'id' => (int) $id,
        'url' => get_permalink($id),
        'modified' => ewb_iso(get_post_field('post_modified', $id)),
    ];
}
update_option('ewb_round', $round);
wp_cache_flush();
ewb_write_gold("$state/gold");
$h = fopen("$state/gold/edits.jsonl", 'a');
foreach ($log as $x) {
    fwrite($h, json_encode($x, JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES) . "\n");
}
fclose($h);
printf("round %d at %s: %d changed, %d deleted, %d added\n", $round, $at->format('c'), $k, $j, $m);
