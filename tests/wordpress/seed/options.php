<?php
/** What may change without new posts. Arguments: the theme's folder, SEO mark-up on or off. */
require __DIR__ . '/load.php';
[$theme, $seo] = $arguments;
if (get_option('stylesheet') !== $theme) {
    switch_theme($theme);
}
update_option('ewb_seo', 'on' === $seo ? 1 : 0);
ewb_widgets(wp_is_block_theme());
flush_rewrite_rules(false);
