module example.com/plugins/engine/old_signature

go 1.21
